package io.coord.cli;

import io.coord.cli.command.ClientConfiguration;
import io.coord.cli.command.Connection;
import io.coord.cli.output.Output.Format;
import io.coord.protocol.tls.InvalidTlsMaterialException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** What the process is started with: options of its own, then perhaps a command with that command's options. */
@Command(
        name = "coord-cli",
        header = "The shell for servers of Coord and ZooKeeper",
        description = {
            "With a command it does that and ends. Without one it reads commands: from you at a terminal, else from standard input "
                    + "to its end.",
            "Exit codes: 0 done, 1 refused, 2 wrong usage, 3 cannot connect, 4 outcome unknown: it may have happened."
        })
final class Arguments {
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);

    /** Milliseconds, or a number with ms, s or m behind it. */
    static final class DurationConverter implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            String digits = text.replaceFirst("(ms|s|m)$", "");
            long number = Long.parseLong(digits);
            if (number <= 0) {
                throw new CommandLine.TypeConversionException(text + " is no time");
            }
            return switch (text.substring(digits.length())) {
                case "s" -> Duration.ofSeconds(number);
                case "m" -> Duration.ofMinutes(number);
                default -> Duration.ofMillis(number);
            };
        }
    }

    @Option(
            names = {"-s", "--server", "-server"},
            paramLabel = "servers",
            description = "host:port[,host:port...][/chroot]; localhost:2181 by default.")
    String servers = "localhost:2181";

    @Option(
            names = {"-o", "--output"},
            paramLabel = "format",
            description = "text or json.")
    Format format = Format.TEXT;

    @Option(
            names = {"-a", "--auth"},
            paramLabel = "scheme:auth",
            description =
                    "Presents an identity: digest:user:password, or sasl:user:password (DIGEST-MD5), or what else servers"
                            + " know. May be given several times.")
    List<String> identities = new ArrayList<>();

    @Option(
            names = {"-y", "--yes"},
            description = "Does dangerous things without asking.")
    boolean yes;

    @Option(
            names = {"--session-timeout", "-timeout"},
            paramLabel = "time",
            converter = DurationConverter.class,
            description = "How long servers keep a silent session: 30s, or a number of milliseconds.")
    Duration sessionTimeout = Duration.ofSeconds(30);

    @Option(
            names = "--connect-timeout",
            paramLabel = "time",
            converter = DurationConverter.class,
            description = "How long to try to connect, 10s by default.")
    Duration connectTimeout = Duration.ofSeconds(10);

    @Option(
            names = "--request-timeout",
            paramLabel = "time",
            converter = DurationConverter.class,
            description = "How long to wait for an answer, 30s by default.")
    @Nullable
    Duration requestTimeout;

    @Option(names = "-r", description = "Accepts a server that has lost its ensemble and only reads.")
    boolean readOnly;

    @Option(names = "--stop-on-error", description = "A script ends at the first command that fails.")
    boolean stopOnError;

    @Option(names = "--no-color", description = "No colours; NO_COLOR in the environment does the same.")
    boolean noColor;

    @Option(
            names = {"-waitforconnection", "--wait-for-connection"},
            description =
                    "At a terminal, too: does nothing before there is a connection, and ends if there is none in time.")
    boolean waitingForConnection;

    @Mixin
    TlsOptions tls = new TlsOptions();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help; \"help\" lists the commands.")
    boolean help;

    @Parameters(paramLabel = "command", arity = "0..*", description = "What to do, with its own options.")
    List<String> command = new ArrayList<>();

    /** @throws ParameterException when the command line is wrong */
    static CommandLine parser(Arguments arguments) {
        CommandLine line = new CommandLine(arguments);
        line.setStopAtPositional(true);
        line.setExpandAtFiles(false);
        line.setInterpolateVariables(false);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setUsageHelpWidth(100);
        return line;
    }

    /**
     * @throws IllegalArgumentException when a value is none
     * @throws InvalidTlsMaterialException when a file of keys or certificates cannot be used
     */
    Connection.Settings connection() {
        List<Connection.Credential> credentials = new ArrayList<>();
        for (String each : identities) {
            int colon = each.indexOf(':');
            if (colon < 1) {
                throw new IllegalArgumentException("An identity has the form scheme:auth, not " + each);
            }
            credentials.add(new Connection.Credential(
                    each.substring(0, colon), each.substring(colon + 1).getBytes(StandardCharsets.UTF_8)));
            if (each.startsWith("sasl:") && each.indexOf(':', colon + 1) <= colon + 1) {
                throw new IllegalArgumentException("A user of SASL has the form sasl:user:password");
            }
        }
        ClientConfiguration configuration = tls.configuration();
        Duration patience = requestTimeout == null ? configuration.requestTimeout() : requestTimeout;
        return new Connection.Settings(
                servers,
                sessionTimeout,
                connectTimeout,
                patience == null ? REQUEST_TIMEOUT : patience,
                readOnly,
                waitingForConnection,
                configuration.security(),
                List.copyOf(credentials));
    }
}
