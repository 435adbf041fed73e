package io.coord.cli.command;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Presents one more identity. */
@Command(name = "addauth", header = "Presents an identity to the servers, on this connection and those to come")
final class AddAuth extends ShellCommand {
    @Parameters(index = "0", paramLabel = "scheme", description = "digest for instance.")
    private String scheme = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "auth",
            description = "What the scheme wants, user:password for digest.")
    private @Nullable String auth;

    @Override
    ExitCode run(Shell shell) {
        String what = auth == null ? "" : auth;
        shell.connection().addCredential(new Connection.Credential(scheme, what.getBytes(StandardCharsets.UTF_8)));
        return ExitCode.DONE;
    }
}
