package io.coord.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PropertiesFileTest {

    @Test
    void tellsTheLineOfEachKey() {
        List<Setting> settings =
                PropertiesFile.parse("zoo.cfg", "# ticks\n\ntickTime=2000\r\n  dataDir = /d \\\n  x\nlast:1");
        assertThat(settings)
                .containsExactly(
                        new Setting("tickTime", "2000", "zoo.cfg, line 3"),
                        new Setting("dataDir", "/d x", "zoo.cfg, line 4"),
                        new Setting("last", "1", "zoo.cfg, line 6"));
    }

    @Test
    void keepsBothOfAKeyThatIsThereTwice() {
        assertThat(PropertiesFile.parse("f", "a=1\na=2"))
                .extracting(Setting::value)
                .containsExactly("1", "2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a=1\nb=2",
                "a = b = c\n",
                "a:b\nc d\n e\tf",
                "#a=1\n!b=2\n c=3",
                "a=x\\\\\nb=2",
                "a=x\\\n#no comment\nb=2",
                "a=x\\\n\nb=1",
                "k\\=ey=v\\u0041l",
                "a=1\\",
                "a\n=\nb=",
                "a=1\rb=2\r\nc=3\n\r\n",
                "\fa=1\n \t \nb=\\\n   c\\\n   d",
            })
    void readsWhatTheJdkReads(String text) throws IOException {
        Properties jdk = new Properties();
        jdk.load(new StringReader(text));
        TreeMap<String, String> ours = new TreeMap<>();
        PropertiesFile.parse("f", text).forEach(setting -> ours.put(setting.key(), setting.value()));
        TreeMap<String, String> theirs = new TreeMap<>();
        jdk.forEach((key, value) ->
                theirs.put(key.toString().trim(), value.toString().trim()));
        assertThat(ours).isEqualTo(theirs);
    }

    @Test
    void aBackslashThatMeansNothingNamesItsLine() {
        assertThatThrownBy(() -> PropertiesFile.parse("zoo.cfg", "a=1\ndataDir=C:\\users\\x"))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("zoo.cfg, line 2")
                .hasMessageContaining("backslash");
    }

    @Test
    void takesUtf8AndElseLatin1AndNoByteOrderMark(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("zoo.cfg");
        Files.writeString(file, "\uFEFFdataDir=/größe");
        assertThat(PropertiesFile.read(file))
                .extracting(Setting::key, Setting::value)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("dataDir", "/größe"));
        Files.write(file, "dataDir=/größe".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(PropertiesFile.read(file)).extracting(Setting::value).containsExactly("/größe");
    }

    @Test
    void saysWhichFileIsMissing(@TempDir Path directory) {
        assertThatThrownBy(() -> PropertiesFile.read(directory.resolve("zoo.cfg")))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessage(directory.resolve("zoo.cfg") + ": there is no such file");
    }
}
