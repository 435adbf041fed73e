package io.coord.server.internal.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;

class TreeWritesTest {
    @Test
    void aSequenceHasTheSameDigitsEverywhere() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
        try {
            assertThat(TreeWrites.sequenceSuffix(7)).isEqualTo("0000000007");
            assertThat(TreeWrites.sequenceSuffix(Integer.MIN_VALUE)).isEqualTo("-2147483648");
            assertThat(TreeWrites.sequenceSuffix(-1)).isEqualTo("-000000001");
        } finally {
            Locale.setDefault(before);
        }
    }
}
