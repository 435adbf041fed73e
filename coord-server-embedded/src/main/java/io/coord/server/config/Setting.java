package io.coord.server.config;

/**
 * A key and its value as somebody wrote them, without blanks around them.
 *
 * @param place where it stands, for messages: a file with a line, or the name of a JVM flag
 */
record Setting(String key, String value, String place) {
    private static final String COMMENT_HINT = " (a comment needs a line of its own)";

    /** From {@code least} to {@code most}, decimal or with {@code 0x} before it. */
    int number(int least, int most, String unit) {
        long number;
        try {
            number = value.regionMatches(true, 0, "0x", 0, 2)
                    ? Long.parseLong(value.substring(2), 16)
                    : Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw refused("it takes " + range(least, most, unit));
        }
        if (number < least || number > most) {
            throw refused("it takes " + range(least, most, unit));
        }
        return (int) number;
    }

    private static String range(int least, int most, String unit) {
        String kind = unit.isEmpty() ? "a whole number" : "a whole number of " + unit;
        if (least == Integer.MIN_VALUE && most == Integer.MAX_VALUE) {
            return kind;
        }
        return most == Integer.MAX_VALUE ? kind + ", " + least + " or more" : kind + " from " + least + " to " + most;
    }

    /** As ZooKeeper reads most switches. */
    boolean trueOrFalse() {
        return either("true", "false");
    }

    /** As ZooKeeper reads its oldest switches; to those, "true" means nothing. */
    boolean yesOrNo() {
        return either("yes", "no");
    }

    private boolean either(String on, String off) {
        boolean isOn = value.equalsIgnoreCase(on);
        if (!isOn && !value.equalsIgnoreCase(off)) {
            throw refused("it takes " + on + " or " + off);
        }
        return isOn;
    }

    String text() {
        if (value.isEmpty()) {
            throw refused("it needs a value");
        }
        return value;
    }

    /** Whether the value must not be repeated to anyone. */
    boolean isSecret() {
        return (key.contains("assword") && !key.endsWith("Path")) || key.contains("superDigest");
    }

    /** @param allowed what would be right, as the second half of a sentence */
    InvalidConfigException refused(String allowed) {
        String shown = isSecret() ? "" : value.isEmpty() ? " has no value" : "=" + value;
        return new InvalidConfigException(
                place + ": " + key + shown + ": " + allowed + (value.contains(" #") ? COMMENT_HINT : ""));
    }
}
