package io.coord.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code docs/SERVER.md} tells operators what the code does. */
class DocumentedKeysTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "SERVER.md");

    @Test
    void everyKeyOfAServerHasARowAndEveryRowIsAKey() throws IOException {
        assertThat(table("keys of a server").keySet())
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(ServerKey.values()).map(key -> key.spelling).toList());
    }

    @Test
    void everyKeyOfTlsHasARowAndEveryRowIsOne() throws IOException {
        assertThat(table("keys of TLS").keySet())
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(TlsKey.values()).map(key -> key.spelling).toList());
    }

    @Test
    void everyKeyOfTlsBetweenMembersHasARowAndEveryRowIsOne() throws IOException {
        assertThat(table("keys of TLS between members").keySet()).containsExactlyInAnyOrderElementsOf(quorumKeys());
    }

    private static Set<String> quorumKeys() {
        Set<String> keys = QuorumTls.KEYS.stream()
                .map(key -> key.spelling.replaceFirst("ssl.", QuorumTls.PREFIX))
                .collect(Collectors.toCollection(TreeSet::new));
        keys.addAll(List.of(QuorumTls.SWITCH, QuorumTls.RELOAD));
        return keys;
    }

    @Test
    void everyKeyOfAuthenticationHasARowAndEveryRowIsOne() throws IOException {
        assertThat(table("keys of authentication").keySet())
                .containsExactlyInAnyOrderElementsOf(Stream.of(AuthenticationKey.values())
                        .map(key -> key.spelling)
                        .toList());
    }

    @Test
    void everyKeyOfAdminHasARowAndEveryRowIsOne() throws IOException {
        assertThat(table("keys of operators").keySet())
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(AdminKey.values()).map(key -> key.spelling).toList());
    }

    @Test
    void everyKeyOfAnEnsembleHasARowAndEveryRowIsAKey() throws IOException {
        Set<String> known =
                Stream.of(EnsembleKey.values()).map(key -> key.spelling).collect(Collectors.toCollection(TreeSet::new));
        known.addAll(List.of("server.N", "group.N", "weight.N"));
        assertThat(table("keys of an ensemble").keySet()).containsExactlyInAnyOrderElementsOf(known);
    }

    @Test
    void aKeyThatIsSetToItsDefaultChangesNothing(@TempDir Path directory) throws IOException {
        Map<String, List<String>> rows = table("keys of a server");
        rows.putAll(table("keys of an ensemble"));
        rows.putAll(table("keys of operators"));
        rows.putAll(table("keys of authentication"));
        ServerConfig plain = read(directory, "");
        int compared = 0;
        for (Map.Entry<String, List<String>> row : rows.entrySet()) {
            String value = row.getValue().get(1);
            if (value.startsWith("`") && !row.getKey().endsWith(".N")) {
                String line = row.getKey() + "=" + value.replace("`", "");
                assertThat(read(directory, line)).as(line).isEqualTo(plain);
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(10);
    }

    @Test
    void theTableOfKeysThatSetNothingIsTheCodes() throws IOException {
        Map<String, String> documented = new TreeMap<>();
        table("keys that set nothing").forEach((key, row) -> documented.put(key, row.get(1) + ' ' + row.get(2)));
        Map<String, String> known = new TreeMap<>();
        KeysWithoutEffect.read().all().forEach((key, advice) -> known.put(key, rowOf(advice)));
        String wanted = known.entrySet().stream()
                .map(each -> "| `" + each.getKey() + "` | " + each.getValue().replaceFirst(" ", " | ") + " |")
                .collect(Collectors.joining("\n"));
        assertThat(documented)
                .as("%s should have these rows:%n%s", DOCUMENT, wanted)
                .isEqualTo(known);
    }

    private static String rowOf(KeysWithoutEffect.Advice advice) {
        List<String> harmless = advice.harmless();
        String values = harmless == null ? "any" : harmless.equals(List.of("")) ? "none" : String.join("/", harmless);
        return values + ' ' + advice.instead();
    }

    @Test
    void noKeyIsInTwoTables() {
        KeysWithoutEffect without = KeysWithoutEffect.read();
        for (ServerKey key : ServerKey.values()) {
            assertThat(without.all()).doesNotContainKey(key.spelling);
            assertThat(EnsembleKey.of(key.spelling)).as(key.spelling).isNull();
        }
        Set<String> known = new TreeSet<>();
        Stream.of(EnsembleKey.values()).forEach(key -> known.add(key.spelling));
        Stream.of(TlsKey.values()).forEach(key -> known.add(key.spelling));
        known.addAll(quorumKeys());
        Stream.of(AuthenticationKey.values()).forEach(key -> known.add(key.spelling));
        Stream.of(AdminKey.values()).forEach(key -> known.add(key.spelling));
        for (String key : known) {
            assertThat(without.all()).doesNotContainKey(key);
            assertThat(ServerKey.of(key)).as(key).isNull();
        }
    }

    private static ServerConfig read(Path directory, String line) throws IOException {
        Path file = directory.resolve("zoo.cfg");
        Files.write(file, List.of("dataDir=/d", "clientPort=2181", line));
        return ServerConfigReader.read(file, Map.of(), notice -> {
            throw new AssertionError(notice);
        });
    }

    /** Rows by their first cell, without its quotes. */
    private static Map<String, List<String>> table(String name) throws IOException {
        List<String> lines = Files.readAllLines(DOCUMENT);
        int from = lines.indexOf("<!-- " + name + ": begin -->");
        int to = lines.indexOf("<!-- " + name + ": end -->");
        assertThat(from).as("table %s", name).isBetween(0, to);
        Map<String, List<String>> rows = new LinkedHashMap<>();
        for (String line : lines.subList(from + 1, to)) {
            if (line.startsWith("| `")) {
                List<String> cells = new ArrayList<>();
                for (String cell : line.substring(1, line.lastIndexOf('|')).split("\\|", -1)) {
                    cells.add(cell.strip());
                }
                rows.put(cells.get(0).replace("`", ""), cells);
            }
        }
        return rows;
    }
}
