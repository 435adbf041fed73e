package io.coord.server.standalone;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A JDK of this machine that the server can run on.
 *
 * @param home its directory
 * @param version as its file {@code release} has it, {@code 25.0.1}
 */
record InstalledJdk(Path home, String version) {
    private static final int LEAST = 17;
    private static final Pattern VERSION = Pattern.compile("(?m)^JAVA_VERSION=\"((\\d+)[^\"]*)\"");

    /**
     * That of the build, and of each other version one: those that the environment variable {@code COORD_TEST_JDKS} names, with the
     * system's path separator between them, or else those in the places where packages put them.
     */
    static List<InstalledJdk> all() {
        Map<Integer, InstalledJdk> found = new TreeMap<>();
        add(Path.of(System.getProperty("java.home")), found);
        String named = System.getenv("COORD_TEST_JDKS");
        if (named != null && !named.isBlank()) {
            for (String each : named.split(File.pathSeparator, -1)) {
                if (!add(Path.of(each), found)) {
                    throw new IllegalArgumentException(
                            "COORD_TEST_JDKS names " + each + ", which is no JDK of version " + LEAST + " or newer");
                }
            }
        } else {
            usualPlaces().forEach(home -> add(home, found));
        }
        return List.copyOf(found.values());
    }

    private static List<Path> usualPlaces() {
        List<Path> homes = new ArrayList<>();
        System.getenv().forEach((name, value) -> {
            if (name.startsWith("JAVA_HOME")) {
                homes.add(Path.of(value));
            }
        });
        String user = System.getProperty("user.home");
        for (Path parent : List.of(
                Path.of("/usr/lib/jvm"),
                Path.of("/opt/java"),
                Path.of(user, ".sdkman/candidates/java"),
                Path.of(user, ".jdks"))) {
            if (Files.isDirectory(parent)) {
                try (Stream<Path> entries = Files.list(parent)) {
                    entries.sorted().forEach(homes::add);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        return homes;
    }

    /** The first of its version stays. */
    private static boolean add(Path home, Map<Integer, InstalledJdk> found) {
        Path release = home.resolve("release");
        if (!Files.isExecutable(home.resolve("bin/java")) || !Files.isReadable(release)) {
            return false;
        }
        try {
            Matcher version = VERSION.matcher(Files.readString(release));
            if (!version.find() || Integer.parseInt(version.group(2)) < LEAST) {
                return false;
            }
            found.putIfAbsent(Integer.parseInt(version.group(2)), new InstalledJdk(home, version.group(1)));
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return "Java " + version;
    }
}
