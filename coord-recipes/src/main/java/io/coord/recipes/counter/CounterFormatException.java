package io.coord.recipes.counter;

/** The znode holds no number in the expected format. Nothing was changed. */
public final class CounterFormatException extends RuntimeException {
    private static final long serialVersionUID = 1;

    CounterFormatException(String path, int bytes, int expected) {
        super(path + " holds " + bytes + " bytes; a number has " + expected);
    }
}
