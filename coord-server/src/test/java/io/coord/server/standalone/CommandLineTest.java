package io.coord.server.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.server.standalone.CommandLine.Verb;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class CommandLineTest {

    @Test
    void aFileAloneIsRun() {
        assertThat(parse("zoo.cfg")).isEqualTo(new CommandLine(Verb.RUN, Path.of("zoo.cfg")));
        assertThat(parse("run", "zoo.cfg")).isEqualTo(new CommandLine(Verb.RUN, Path.of("zoo.cfg")));
    }

    @Test
    void verbsTakeAFileButForVersion() {
        assertThat(parse("status", "a")).isEqualTo(new CommandLine(Verb.STATUS, Path.of("a")));
        assertThat(parse("check", "a")).isEqualTo(new CommandLine(Verb.CHECK, Path.of("a")));
        assertThat(parse("version")).isEqualTo(new CommandLine(Verb.VERSION, null));
    }

    @Test
    void anythingElseIsNotGuessedAt() {
        assertThat(parse()).isNull();
        assertThat(parse("status")).isNull();
        assertThat(parse("begin", "a")).isNull();
        assertThat(parse("run", "a", "b")).isNull();
    }

    private static CommandLine parse(String... arguments) {
        return CommandLine.parse(arguments);
    }
}
