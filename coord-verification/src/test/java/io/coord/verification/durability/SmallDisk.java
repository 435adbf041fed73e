package io.coord.verification.durability;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** A real file system of a few megabytes in memory. A test that cannot have one is skipped, and says why. */
final class SmallDisk implements AutoCloseable {
    private static final int PIECE_BYTES = 64 << 10;

    private final Path root;

    private SmallDisk(Path root) {
        this.root = root;
    }

    static SmallDisk mount(int bytes) throws IOException {
        Path root = Files.createTempDirectory("coord-small-disk");
        String refusal =
                run(List.of("mount", "-t", "tmpfs", "-o", "size=" + bytes, "coord-small-disk", root.toString()));
        if (refusal != null) {
            Files.delete(root);
            Assumptions.abort("A disk of this size needs the right to mount one: " + refusal);
        }
        return new SmallDisk(root);
    }

    /** Where a server may work. */
    Path directory() {
        return root.resolve("data");
    }

    long freeBytes() throws IOException {
        return Files.getFileStore(root).getUsableSpace();
    }

    /** Takes room until so much is left. */
    void leave(long bytes) throws IOException {
        byte[] piece = new byte[PIECE_BYTES];
        while (freeBytes() >= bytes + piece.length) {
            Files.write(
                    ballast(), piece, java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.APPEND);
        }
    }

    /** Gives back what {@link #leave} took. */
    void makeRoom() throws IOException {
        Files.deleteIfExists(ballast());
    }

    private Path ballast() {
        return root.resolve("ballast");
    }

    @Override
    public void close() throws IOException {
        String refusal = run(List.of("umount", "--lazy", root.toString()));
        if (refusal != null) {
            throw new IOException(refusal);
        }
        Files.delete(root);
    }

    /** @return what a command says when it does not succeed */
    private static String run(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? null : command.get(0) + " said: " + said.strip();
        } catch (IOException e) {
            return e.getMessage();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }
}
