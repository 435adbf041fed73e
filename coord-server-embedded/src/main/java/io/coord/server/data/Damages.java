package io.coord.server.data;

/** How a damaged place of a snapshot is printed. */
final class Damages {
    private Damages() {}

    static String line(boolean json, String file, long offset, String what, boolean goesOn) {
        return json
                ? new JsonLine()
                        .add("damage", what)
                        .add("goesOn", goesOn)
                        .add("file", file)
                        .add("offset", offset)
                        .toString()
                : "DAMAGE: " + what + (goesOn ? "; going on behind it" : "; nothing behind it can be read") + " (file "
                        + file + ", offset " + offset + ")";
    }
}
