package io.coord.verification.differential;

import io.coord.verification.server.InProcessServer;
import java.util.List;
import java.util.Optional;

/** Runs scripts on two servers until they tell different things. */
final class Comparison {
    static final int STEPS_OF_A_SCRIPT = 250;

    private final InProcessServer expected;
    private final InProcessServer actual;

    Comparison(InProcessServer expected, InProcessServer actual) {
        this.expected = expected;
        this.actual = actual;
    }

    /** The first difference that the scripts of these seeds show, told with what led to it. */
    Optional<String> firstDifference(long firstSeed, int steps) {
        for (int done = 0; done < steps; done += STEPS_OF_A_SCRIPT) {
            long seed = firstSeed + done / STEPS_OF_A_SCRIPT;
            String root = "/differential-" + Long.toUnsignedString(seed) + "-" + System.nanoTime();
            List<Step> script = Script.generate(seed, root, STEPS_OF_A_SCRIPT);
            Optional<String> difference = difference(seed, root, script, script);
            if (difference.isPresent()) {
                return difference;
            }
        }
        return Optional.empty();
    }

    Optional<String> difference(long seed, String root, List<Step> expectedScript, List<Step> actualScript) {
        List<String> left = Replay.of(expectedScript, root, expected);
        List<String> right = Replay.of(actualScript, root, actual);
        int index = firstDifference(left, right);
        return index < 0 ? Optional.empty() : Optional.of(tell(seed, index, expectedScript, left, right));
    }

    /** The first step at which two servers tell different things; -1 when there is none. */
    static int firstDifference(List<String> left, List<String> right) {
        for (int i = 0; i < left.size(); i++) {
            if (!left.get(i).equals(right.get(i))) {
                return i;
            }
        }
        return -1;
    }

    private String tell(long seed, int index, List<Step> script, List<String> left, List<String> right) {
        StringBuilder text = new StringBuilder("difference at step " + index + " of seed " + seed
                + "; once more with -Dcoord.differential.seed=" + seed + " -Dcoord.differential.ops="
                + STEPS_OF_A_SCRIPT + "\n");
        for (int i = Math.max(0, index - 6); i <= index; i++) {
            text.append(i).append(": ").append(script.get(i)).append('\n');
        }
        text.append(expected.implementation())
                .append(": ")
                .append(left.get(index))
                .append('\n');
        text.append(actual.implementation())
                .append(": ")
                .append(right.get(index))
                .append('\n');
        return text.toString();
    }
}
