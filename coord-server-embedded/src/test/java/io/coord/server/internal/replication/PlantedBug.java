package io.coord.server.internal.replication;

import io.coord.server.internal.log.DiskFullException;
import io.coord.server.internal.log.LogDirectory;
import io.coord.server.internal.log.LogFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.UnaryOperator;

/** Mistakes that a log may make with its disk, as directories that make them. */
enum PlantedBug implements UnaryOperator<LogDirectory> {
    LOG_IS_NOT_SYNCED,
    LOG_IS_SYNCED_ONE_BATCH_LATE,
    SNAPSHOT_IS_RENAMED_BEFORE_IT_IS_SYNCED,
    NEW_SEGMENT_IS_RENAMED_BEFORE_IT_IS_SYNCED,
    DIRECTORY_IS_NOT_SYNCED,
    ERROR_OF_A_SYNC_IS_SWALLOWED,
    ERROR_OF_A_WRITE_IS_SWALLOWED,
    FULL_DISK_IS_SWALLOWED,
    TAIL_IS_NOT_CUT,
    HALF_OF_A_BLOCK_IS_WRITTEN;

    @Override
    public LogDirectory apply(LogDirectory directory) {
        return new Directory(directory);
    }

    private final class Directory implements LogDirectory {
        private final LogDirectory real;

        Directory(LogDirectory real) {
            this.real = real;
        }

        @Override
        public List<String> list() throws IOException {
            return real.list();
        }

        @Override
        public LogFile create(String name) throws IOException {
            return new File(name, real.create(name));
        }

        @Override
        public LogFile open(String name) throws IOException {
            return new File(name, real.open(name));
        }

        @Override
        public void rename(String from, String to) throws IOException {
            real.rename(from, to);
        }

        @Override
        public void delete(String name) throws IOException {
            real.delete(name);
        }

        @Override
        public void sync() throws IOException {
            if (PlantedBug.this != DIRECTORY_IS_NOT_SYNCED) {
                real.sync();
            }
        }

        @Override
        public Closeable lock(String name) throws IOException {
            return real.lock(name);
        }

        @Override
        public String describe(String name) {
            return real.describe(name);
        }
    }

    private final class File implements LogFile {
        private final boolean isSnapshot;
        private final LogFile real;
        private boolean isNew;
        private boolean syncIsDue;

        File(String name, LogFile real) {
            this.isSnapshot = name.startsWith("snapshot");
            this.isNew = name.endsWith(".tmp") && !isSnapshot;
            this.real = real;
        }

        @Override
        public long size() throws IOException {
            return real.size();
        }

        @Override
        public int read(ByteBuffer into, long position) throws IOException {
            return real.read(into, position);
        }

        @Override
        public void write(ByteBuffer bytes, long position) throws IOException {
            if (PlantedBug.this == HALF_OF_A_BLOCK_IS_WRITTEN && !isSnapshot && bytes.remaining() > 300) {
                ByteBuffer half = bytes.duplicate();
                half.limit(half.position() + half.remaining() / 2);
                real.write(half, position);
                bytes.position(bytes.limit());
                return;
            }
            try {
                real.write(bytes, position);
            } catch (DiskFullException e) {
                if (PlantedBug.this != FULL_DISK_IS_SWALLOWED) {
                    throw e;
                }
            } catch (IOException e) {
                if (PlantedBug.this != ERROR_OF_A_WRITE_IS_SWALLOWED) {
                    throw e;
                }
            }
        }

        @Override
        public void sync() throws IOException {
            switch (PlantedBug.this) {
                case LOG_IS_NOT_SYNCED -> {
                    if (isSnapshot) {
                        real.sync();
                    }
                }
                case LOG_IS_SYNCED_ONE_BATCH_LATE -> {
                    if (syncIsDue || isSnapshot || isNew) {
                        real.sync();
                    }
                    syncIsDue = !syncIsDue;
                }
                case SNAPSHOT_IS_RENAMED_BEFORE_IT_IS_SYNCED -> {
                    if (!isSnapshot) {
                        real.sync();
                    }
                }
                case NEW_SEGMENT_IS_RENAMED_BEFORE_IT_IS_SYNCED -> {
                    if (!isNew) {
                        real.sync();
                    }
                    isNew = false;
                }
                case ERROR_OF_A_SYNC_IS_SWALLOWED -> {
                    try {
                        real.sync();
                    } catch (IOException e) {
                        // This is the bug.
                    }
                }
                default -> real.sync();
            }
        }

        @Override
        public void truncateDurably(long size) throws IOException {
            if (PlantedBug.this != TAIL_IS_NOT_CUT) {
                real.truncateDurably(size);
            }
        }

        @Override
        public void close() throws IOException {
            real.close();
        }
    }
}
