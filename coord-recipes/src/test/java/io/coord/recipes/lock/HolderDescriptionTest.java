package io.coord.recipes.lock;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HolderDescriptionTest {
    private static final HolderDescription FULL =
            new HolderDescription("wörk-7", 4711, "main \"x\"", Instant.parse("2026-01-02T03:04:05Z"), "a\nb");

    private static Optional<HolderDescription> read(String text) {
        return HolderDescription.read(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void readsWhatItWrites() {
        assertThat(HolderDescription.read(FULL.toBytes())).contains(FULL);
        HolderDescription caller = HolderDescription.ofCaller("t", "");
        assertThat(HolderDescription.read(caller.toBytes())).contains(caller);
    }

    @Test
    void writesJsonThatOthersCanRead() {
        assertThat(new String(FULL.toBytes(), StandardCharsets.UTF_8))
                .isEqualTo("{\"host\":\"wörk-7\",\"pid\":4711,\"thread\":\"main \\\"x\\\"\","
                        + "\"since\":\"2026-01-02T03:04:05Z\",\"purpose\":\"a\\nb\"}");
    }

    @Test
    void writesAnyTextAsJson() {
        Random random = new Random(5);
        for (int round = 0; round < 500; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(20); i > 0; i--) {
                text.appendCodePoint(
                        switch (random.nextInt(4)) {
                            case 0 -> random.nextInt(0x20);
                            case 1 -> "\"\\/\u007f\u2028".charAt(random.nextInt(5));
                            case 2 -> 0x1f600 + random.nextInt(40);
                            default -> 'a' + random.nextInt(0x300);
                        });
            }
            HolderDescription any = new HolderDescription(text + "h", round, text.toString(), null, text.toString());
            assertThat(HolderDescription.read(any.toBytes()))
                    .as(text.toString())
                    .contains(any);
        }
    }

    @Test
    void readsAnAddressAsAHost() {
        assertThat(read("10.0.0.7").orElseThrow().host()).isEqualTo("10.0.0.7");
        assertThat(read("fe80::1%eth0").orElseThrow().host()).isEqualTo("fe80::1%eth0");
        assertThat(read("10.0.0.7").orElseThrow().since()).isNull();
    }

    @Test
    void leavesOutWhatIsMissingOrOfAnotherType() {
        assertThat(read("{\"host\":\"h\",\"pid\":\"many\",\"since\":\"yesterday\",\"more\":[]}"))
                .contains(new HolderDescription("h", 0, "", null, ""));
    }

    @Test
    void takesAnyDataWithoutAnError() {
        assertThat(read("")).isEmpty();
        assertThat(read("till 7")).isEmpty();
        assertThat(read("__REVOKE__")).isEmpty();
        assertThat(read("cafe")).isEmpty();
        assertThat(read("{\"name\":\"x\"}")).isEmpty();
        assertThat(read("{\"host\":7}")).isEmpty();
        assertThat(read("{")).isEmpty();
        assertThat(HolderDescription.read(new byte[] {(byte) 0xff, (byte) 0xfe}))
                .isEmpty();
        Random random = new Random(1);
        byte[] json = FULL.toBytes();
        for (int i = 0; i < 2000; i++) {
            byte[] damaged = json.clone();
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            assertThat(HolderDescription.read(damaged)).isNotNull();
        }
    }
}
