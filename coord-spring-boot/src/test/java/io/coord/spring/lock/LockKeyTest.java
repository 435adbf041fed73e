package io.coord.spring.lock;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.protocol.data.ZnodePath;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LockKeyTest {

    @ParameterizedTest
    @CsvSource({
        "42, 42",
        "order-7 b, order-7 b",
        "a/b, a%2Fb",
        "100%, 100%25",
        "., %2E",
        ".., %2E%2E",
        "..., ...",
        "Zürich, Zürich"
    })
    void keepsWhatAPathCanHoldAndEscapesTheRest(String key, String element) {
        assertThat(LockKey.toPathElement(key)).isEqualTo(element);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a/b", "..", ".", "\0", "\n", "\u0085", "\ud83d\ude00", "\ud83d", "\ue000", "\ufff5", "\uf900"})
    void everyKeyBecomesOneValidElement(String key) {
        String path = "/" + LockKey.toPathElement(key);
        assertThat(ZnodePath.isValid(path)).as(path).isTrue();
        assertThat(ZnodePath.parent(path)).isEqualTo("/");
    }

    @Test
    void noTwoKeysShareAnElement() {
        Map<String, String> keyOf = new HashMap<>();
        for (char c = 0; c < Character.MAX_VALUE; c++) {
            for (String key : new String[] {String.valueOf(c), "%" + Integer.toHexString(c)}) {
                String other = keyOf.putIfAbsent(LockKey.toPathElement(key), key);
                assertThat(other).as("key with the same element as %s", key).isNull();
            }
        }
    }
}
