package io.coord.server.internal.tree;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Gives objects small numbers above 0, which stand for them where there must be no references; numbers are used again. */
final class NumberedTable<T> {
    private @Nullable Object[] objects = new @Nullable Object[8];
    private int[] free = new int[4];
    private int freeCount;
    private int end = 1;

    int add(T object) {
        int number = freeCount > 0 ? free[--freeCount] : end++;
        if (number == objects.length) {
            objects = Arrays.copyOf(objects, 2 * number);
        }
        objects[number] = object;
        return number;
    }

    @SuppressWarnings("unchecked")
    T get(int number) {
        Object object = objects[number];
        if (object == null) {
            throw new IllegalStateException("nothing has the number " + number);
        }
        return (T) object;
    }

    void remove(int number) {
        if (objects[number] == null) {
            throw new IllegalStateException("nothing has the number " + number);
        }
        objects[number] = null;
        if (freeCount == free.length) {
            free = Arrays.copyOf(free, 2 * freeCount);
        }
        free[freeCount++] = number;
    }

    int size() {
        return end - 1 - freeCount;
    }
}
