package io.coord.server.standalone;

import io.coord.server.EmbeddedServer;
import io.coord.server.EmbeddedServerConfig;
import io.coord.server.EmbeddedServerException;
import io.coord.server.config.EnsembleMember;
import io.coord.server.config.InvalidConfigException;
import io.coord.server.config.ServerConfig;
import io.coord.server.config.ServerConfigReader;
import io.coord.server.data.DataCommand;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The process: {@code java -jar coord-server.jar zoo.cfg}. */
public final class CoordServer {
    private CoordServer() {}

    /** Ends the JVM with a number of {@link ExitCode} when the server has not started or could not go on. */
    public static void main(String[] arguments) {
        if (arguments.length > 0 && arguments[0].equals("data")) {
            System.exit(DataCommand.run(List.of(arguments).subList(1, arguments.length), System.out, System.err));
        }
        @Nullable CommandLine line = CommandLine.parse(arguments);
        if (line == null) {
            say(CommandLine.USAGE);
            exit(ExitCode.INVALID_CONFIGURATION);
        } else {
            exit(carryOut(line, Environment.ofProcess()));
        }
    }

    private static ExitCode carryOut(CommandLine line, Environment environment) {
        return switch (line.verb()) {
            case RUN -> run(Objects.requireNonNull(line.file()), environment);
            case CHECK -> check(Objects.requireNonNull(line.file()), environment);
            case STATUS -> status(Objects.requireNonNull(line.file()), environment);
            case VERSION -> version();
        };
    }

    private static ExitCode run(Path file, Environment environment) {
        try {
            Logging.start(environment.logFile(), environment.logConfig());
        } catch (IOException | IllegalArgumentException e) {
            say("Cannot log: " + e);
            return ExitCode.INVALID_CONFIGURATION;
        }
        Logger log = LoggerFactory.getLogger(CoordServer.class);
        try {
            log.info("Coord {} reads {}", Version.coord(), file.toAbsolutePath());
            EmbeddedServerConfig config = read(file, environment, log::warn);
            if (config.admin().audit()) {
                Logging.startAudit(environment.logFile());
            }
            return new ServerRun(EmbeddedServer.of(config), environment).toTheEnd();
        } catch (InvalidConfigException e) {
            return failed(log, e, ExitCode.INVALID_CONFIGURATION);
        } catch (EmbeddedServerException e) {
            return failed(log, e, ExitCode.of(e.reason()));
        } catch (IOException e) {
            log.error("Coord does not start: the audit log cannot be written", e);
            say("Cannot write the audit log: " + e);
            return ExitCode.INVALID_CONFIGURATION;
        } catch (RuntimeException e) {
            log.error("Coord ends: nobody expected this", e);
            say("Coord ends: " + e);
            return ExitCode.UNEXPECTED;
        }
    }

    private static ExitCode failed(Logger log, RuntimeException reason, ExitCode code) {
        log.error("Coord does not start: {}", reason.getMessage());
        say(reason.getMessage());
        return code;
    }

    private static ExitCode check(Path file, Environment environment) {
        try {
            read(file, environment, CoordServer::say);
            return ExitCode.DONE;
        } catch (InvalidConfigException e) {
            say(e.getMessage());
            return ExitCode.INVALID_CONFIGURATION;
        }
    }

    private static EmbeddedServerConfig read(Path file, Environment environment, Consumer<String> notices) {
        ServerConfig config = ServerConfigReader.read(file, environment.flags(), notices);
        OwnData.require(file, config, notices);
        return EnsembleMember.of(file, config);
    }

    private static ExitCode status(Path file, Environment environment) {
        try {
            ServerConfig config = ServerConfigReader.read(file, environment.flags(), notice -> {});
            return ServerStatusQuery.of(config.server(), environment.addressFile())
                    .print();
        } catch (InvalidConfigException e) {
            say(e.getMessage());
            return ExitCode.UNEXPECTED;
        }
    }

    private static ExitCode version() {
        print("Coord " + Version.coord() + ", Java " + Runtime.version());
        return ExitCode.DONE;
    }

    private static void exit(ExitCode code) {
        System.exit(code.number);
    }

    /** For the one at the terminal. */
    static void say(@Nullable String line) {
        System.err.println(line);
    }

    static void print(String line) {
        System.out.println(line);
    }
}
