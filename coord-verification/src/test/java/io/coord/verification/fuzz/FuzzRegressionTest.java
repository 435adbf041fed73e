package io.coord.verification.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs the targets on what the fuzzer kept, and on random changes of it. The long runs are in CONTRIBUTING.md. */
@Timeout(120)
class FuzzRegressionTest {
    private static final long SEED = Long.getLong("coord.fuzz.seed", new Random().nextLong());
    private static final int MOST_CHANGES = 4;

    @AfterAll
    static void close() throws IOException {
        ServerStreamFuzz.close();
        HostileServerFuzz.close();
        Complaints.ALL.end();
    }

    @ParameterizedTest
    @EnumSource
    void keptInputsAndRandomChangesOfThemDoNoHarm(FuzzTarget target) throws IOException {
        List<byte[]> kept = new ArrayList<>();
        for (Path each : target.kept()) {
            byte[] input = Files.readAllBytes(each);
            kept.add(input);
            run(target, input, each.toString());
        }
        assertThat(kept).hasSizeGreaterThan(20);
        Random random = new Random(SEED);
        for (int i = 0; i < target.randomInputs(); i++) {
            run(target, changed(kept, random), "input " + i + " of -Dcoord.fuzz.seed=" + SEED);
        }
    }

    @Test
    void buffersAreWatchedForLeaks() {
        assertThat(ResourceLeakDetector.getLevel()).isEqualTo(ResourceLeakDetector.Level.PARANOID);
    }

    private static void run(FuzzTarget target, byte[] input, String name) {
        try {
            target.run(input);
        } catch (IOException | RuntimeException | Error e) {
            throw new AssertionError(
                    target + " fails on " + name + ": " + HexFormat.of().formatHex(input), e);
        }
    }

    private static byte[] changed(List<byte[]> kept, Random random) {
        byte[] input = kept.get(random.nextInt(kept.size())).clone();
        for (int change = random.nextInt(MOST_CHANGES) + 1; change > 0; change--) {
            int at = random.nextInt(input.length + 1);
            switch (random.nextInt(4)) {
                case 0 -> input = Arrays.copyOf(input, at);
                case 1 -> input = joined(Arrays.copyOf(input, at), kept.get(random.nextInt(kept.size())));
                default -> {
                    if (at < input.length) {
                        input[at] = (byte) random.nextInt();
                    }
                }
            }
        }
        return input;
    }

    private static byte[] joined(byte[] head, byte[] tail) {
        byte[] both = Arrays.copyOf(head, Math.min(4_096, head.length + tail.length));
        System.arraycopy(tail, 0, both, head.length, both.length - head.length);
        return both;
    }
}
