package io.coord.protocol.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.apache.zookeeper.common.PathUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Our path rules against {@code PathUtils} of stock ZooKeeper. */
class ZnodePathCompatTest {
    private static final String[] PIECES = {
        "/", "/", "/", ".", "..", "a", "b.", ".c", "...", "\u0000", "\u0001", "\u001f", " ", "~", "\u007f", "\u009f",
        "\u00a0", "é", "東", "\ud7ff", "\ud800", "\udc00", "\ue000", "\uf8ff", "\uf900", "\uffef", "\ufff0", "\uffff"
    };

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "//",
                "/a",
                "/a/",
                "a",
                "/a/b",
                "/a//b",
                "/.",
                "/..",
                "/./a",
                "/../a",
                "/a/.",
                "/a/..",
                "/a/./b",
                "/a/../b",
                "/.a",
                "/a.",
                "/..a",
                "/...",
                "/a/...",
                "/ ",
                "/a b",
                "/a\u0000",
                "/\u0001",
                "/a/\u001f/b",
                "/\u007f",
                "/\u009f",
                "/\u00a0",
                "/\ud800",
                "/\uf8ff",
                "/\uf900",
                "/\ufff0",
                "/\uffff",
                "/\uffef",
                "."
            })
    void agreesOnHandPickedPaths(String path) {
        assertThat(ZnodePath.isValid(path)).isEqualTo(isValidForStockZooKeeper(path));
    }

    @Test
    void agreesOnRandomPaths() {
        Random random = new Random(20260101);
        int valid = 0;
        for (int i = 0; i < 200_000; i++) {
            StringBuilder path = new StringBuilder(random.nextInt(20) == 0 ? "" : "/");
            for (int pieces = random.nextInt(6); pieces > 0; pieces--) {
                path.append(PIECES[random.nextInt(random.nextBoolean() ? 9 : PIECES.length)]);
            }
            boolean expected = isValidForStockZooKeeper(path.toString());
            assertThat(ZnodePath.isValid(path.toString())).as("\"%s\"", path).isEqualTo(expected);
            valid += expected ? 1 : 0;
        }
        assertThat(valid).as("both kinds were tried").isBetween(10_000, 190_000);
    }

    @Test
    void namesThePathTheRuleAndThePlace() {
        assertThatThrownBy(() -> ZnodePath.validate("/a/./b"))
                .isInstanceOf(InvalidPathException.class)
                .hasMessageContaining("\"/a/./b\"")
                .hasMessageContaining("relative element")
                .hasMessageContaining("3");
        assertThat(ZnodePath.validate("/a/b")).isEqualTo("/a/b");
    }

    @ParameterizedTest
    @CsvSource({"/,/,''", "/a,/,a", "/a/b,/a,b", "/a/b/c,/a/b,c"})
    void splitsIntoParentAndNameAndBack(String path, String parent, String name) {
        assertThat(ZnodePath.parent(path)).isEqualTo(parent);
        assertThat(ZnodePath.name(path)).isEqualTo(name);
        if (!name.isEmpty()) {
            assertThat(ZnodePath.child(parent, name)).isEqualTo(path);
        }
    }

    @ParameterizedTest
    @CsvSource({"/a,/,true", "/,/,true", "/a,/a,true", "/a/b,/a,true", "/ab,/a,false", "/,/a,false", "/a,/a/b,false"})
    void knowsWhatLiesBelow(String path, String ancestor, boolean expected) {
        assertThat(ZnodePath.isSameOrBelow(path, ancestor)).isEqualTo(expected);
    }

    private static boolean isValidForStockZooKeeper(String path) {
        try {
            PathUtils.validatePath(path);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
