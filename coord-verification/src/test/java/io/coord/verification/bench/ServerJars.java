package io.coord.verification.bench;

import io.coord.verification.server.ServerProcess;
import io.coord.verification.server.ServerUnderTest.Implementation;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * What a server's process needs on its class path, and nothing else: with the benchmark's own ninety jars a start is mostly
 * the search through them. Where the build has directories jars are made, because archives of class data take nothing else.
 */
final class ServerJars {
    private static final List<String> SHARED = List.of("netty-", "slf4j-api-", "logback-", "jspecify-");
    private static final List<String> OF_COORD = List.of("coord-protocol", "coord-server-embedded");
    private static final List<String> OF_ZOOKEEPER =
            List.of("zookeeper-", "audience-annotations-", "commons-io-", "metrics-core-", "snappy-java-");
    /** In which of the build's directories is the processes' main class, and how they log. */
    private static final List<String> MARKS =
            List.of(ServerProcess.class.getName().replace('.', '/') + ".class", "logback-test.xml");

    private ServerJars() {}

    /** @param directory where to put jars that have to be made */
    static String classPath(Implementation implementation, Path directory) throws IOException {
        List<String> own =
                switch (implementation) {
                    case COORD -> OF_COORD;
                    case ZOOKEEPER -> OF_ZOOKEEPER;
                };
        List<String> path = new ArrayList<>();
        for (String each : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path entry = Path.of(each);
            if (Files.isDirectory(entry)) {
                if (isMarked(entry) || isOf(entry, own)) {
                    path.add(pack(entry, directory.resolve(implementation + "-" + path.size() + ".jar")));
                }
            } else if (isJarOf(entry, SHARED) || isJarOf(entry, own)) {
                path.add(each);
            }
        }
        return String.join(File.pathSeparator, path);
    }

    private static boolean isMarked(Path directory) {
        return MARKS.stream().anyMatch(mark -> Files.exists(directory.resolve(mark)));
    }

    /** {@code <module>/target/classes}. */
    private static boolean isOf(Path directory, List<String> modules) {
        return directory.endsWith(Path.of("target", "classes"))
                && modules.contains(
                        directory.getParent().getParent().getFileName().toString());
    }

    private static boolean isJarOf(Path file, List<String> prefixes) {
        String name = file.getFileName().toString();
        return !name.endsWith("-tests.jar") && prefixes.stream().anyMatch(name::startsWith);
    }

    private static String pack(Path directory, Path jar) throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(directory)) {
            files = walk.filter(Files::isRegularFile).sorted().toList();
        }
        try (OutputStream out = Files.newOutputStream(jar);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Path file : files) {
                zip.putNextEntry(
                        new ZipEntry(directory.relativize(file).toString().replace(File.separatorChar, '/')));
                Files.copy(file, zip);
                zip.closeEntry();
            }
        }
        return jar.toString();
    }
}
