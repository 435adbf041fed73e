package io.coord.server.internal.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** What is in a set at its begin, each as it is when its turn comes, but for what has left the set by then. */
public final class SetListing<S, T> implements Listing<T> {
    private final Set<S> set;
    private final Function<S, T> description;
    private final List<S> listed;
    private int next;

    public SetListing(Set<S> set, Function<S, T> description) {
        this.set = set;
        this.description = description;
        this.listed = List.copyOf(set);
    }

    @Override
    public int size() {
        return listed.size();
    }

    @Override
    public List<T> next(int most) {
        List<T> some = new ArrayList<>();
        while (next < listed.size() && some.size() < most) {
            S each = listed.get(next++);
            if (set.contains(each)) {
                some.add(description.apply(each));
            }
        }
        return some;
    }
}
