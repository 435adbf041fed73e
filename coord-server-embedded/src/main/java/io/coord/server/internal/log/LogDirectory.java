package io.coord.server.internal.log;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/**
 * The directory that holds the log and its snapshots: all that this package needs of a file system, and the seam where a
 * simulated one goes in. Thread-safe: the log thread and its background thread use one directory, never one file.
 *
 * <p>What {@link #create}, {@link #rename} and {@link #delete} did survives a loss of power only from the next {@link #sync}
 * on.
 */
public interface LogDirectory {
    /** Names of the plain files, in no particular order. */
    List<String> list() throws IOException;

    /**
     * A new, empty file for reading and writing; one of that name must not exist.
     *
     * @throws DiskFullException when there is no room; nothing was created
     */
    LogFile create(String name) throws IOException;

    /** An existing file for reading and writing. */
    LogFile open(String name) throws IOException;

    /**
     * Atomic; replaces a file that has the new name.
     *
     * @throws DiskFullException when there is no room for the name; nothing was changed
     */
    void rename(String from, String to) throws IOException;

    /** Without effect when there is no such file. */
    void delete(String name) throws IOException;

    void sync() throws IOException;

    /**
     * Claims the directory for this process until the claim is closed or the process ends.
     *
     * @throws DirectoryLockedException when someone else holds it
     */
    Closeable lock(String name) throws IOException;

    /** The file's whole name, for messages to operators. */
    String describe(String name);
}
