package io.coord.verification.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The targets, as the normal build runs them. */
enum FuzzTarget {
    REQUEST_DECODER("RequestDecoder", 40_000),
    RESPONSE_DECODER("ResponseDecoder", 40_000),
    COMMAND_DECODER("CommandDecoder", 40_000),
    LOG_RECOVERY("LogRecovery", 2_000),
    SERVER_STREAM("ServerStream", 400),
    HOSTILE_SERVER("HostileServer", 100);

    private static final Path KEPT = Path.of("src", "test", "resources", "fuzz");

    private final String directory;
    private final int randomInputs;

    FuzzTarget(String directory, int randomInputs) {
        this.directory = directory;
        this.randomInputs = randomInputs;
    }

    /** How many random inputs a build of some seconds can afford. */
    int randomInputs() {
        return randomInputs;
    }

    void run(byte[] input) throws IOException {
        switch (this) {
            case REQUEST_DECODER -> RequestDecoderFuzz.fuzzerTestOneInput(input);
            case RESPONSE_DECODER -> ResponseDecoderFuzz.fuzzerTestOneInput(input);
            case COMMAND_DECODER -> CommandDecoderFuzz.fuzzerTestOneInput(input);
            case LOG_RECOVERY -> LogRecoveryFuzz.fuzzerTestOneInput(input);
            case SERVER_STREAM -> ServerStreamFuzz.fuzzerTestOneInput(input);
            case HOSTILE_SERVER -> HostileServerFuzz.fuzzerTestOneInput(input);
        }
    }

    /** Inputs that once reached something new, or broke something. */
    List<Path> kept() throws IOException {
        try (Stream<Path> files = Files.list(KEPT.resolve(directory))) {
            return files.sorted().toList();
        }
    }
}
