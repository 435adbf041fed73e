package io.coord.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.coord.cli.command.ExitCode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;

/** What a run of the process has printed and ended with; without a terminal. */
record OneShot(ExitCode code, byte[] bytes, String err) {
    static OneShot run(byte[] in, String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        ExitCode code = CoordCli.run(
                words,
                new ByteArrayInputStream(in),
                new PrintStream(out, true, UTF_8),
                new PrintStream(err, true, UTF_8),
                false);
        return new OneShot(code, out.toByteArray(), err.toString(UTF_8));
    }

    static OneShot run(List<String> words) {
        return run(new byte[0], words.toArray(new String[0]));
    }

    List<String> lines() {
        return new String(bytes, UTF_8).lines().toList();
    }
}
