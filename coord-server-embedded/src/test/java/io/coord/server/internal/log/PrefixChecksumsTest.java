package io.coord.server.internal.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class PrefixChecksumsTest {
    private static final int FILE_BYTES = 300_000;
    private static final int START = 40;

    @Test
    void givesTheChecksumOfAnyStretchForThePriceOfTwoBlocks() throws IOException {
        Random random = new Random(1);
        byte[] bytes = new byte[FILE_BYTES];
        random.nextBytes(bytes);
        byte[] salt = {1, 2, 3, 4};
        LogFile file = new SimulatedDirectory().with("f", bytes).open("f");
        PrefixChecksums checksums = new PrefixChecksums(file, START);
        int stretches = 2_000;
        for (int i = 0; i < stretches; i++) {
            int from = START + random.nextInt(FILE_BYTES - START);
            int to = i == 0 ? FILE_BYTES : from + random.nextInt(FILE_BYTES - from + 1);
            assertThat(checksums.following(crc(salt, 0, 4), from, to))
                    .as("%d to %d", from, to)
                    .isEqualTo(crc(salt, bytes, from, to));
        }
        assertThat(checksums.checksummedBytes()).isLessThan(FILE_BYTES + 2L * stretches * PrefixChecksums.BLOCK_BYTES);
    }

    private static int crc(byte[] bytes, int from, int to) {
        return crc(new byte[0], bytes, from, to);
    }

    private static int crc(byte[] before, byte[] bytes, int from, int to) {
        CRC32C crc = new CRC32C();
        crc.update(before);
        crc.update(bytes, from, to - from);
        return (int) crc.getValue();
    }
}
