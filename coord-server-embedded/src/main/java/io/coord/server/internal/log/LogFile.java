package io.coord.server.internal.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** An open file of a {@link LogDirectory}. One thread at a time. */
public interface LogFile extends Closeable {
    long size() throws IOException;

    /**
     * Reads until the buffer is full or the file ends.
     *
     * @return how many bytes were read, 0 at the end
     */
    int read(ByteBuffer into, long position) throws IOException;

    /**
     * Writes all bytes that remain in the buffer.
     *
     * @throws DiskFullException when there is no room; some of the bytes may be in the file
     * @throws IOException any or none of the bytes may be in the file
     */
    void write(ByteBuffer bytes, long position) throws IOException;

    /**
     * Makes the content and, if it changed, the size durable ({@code fdatasync}). After a failure nobody knows what is on the
     * disk, and a second call that succeeds proves nothing.
     */
    void sync() throws IOException;

    /** Cuts the file to a size and makes that durable. After a failure the file may have either size. */
    void truncateDurably(long size) throws IOException;
}
