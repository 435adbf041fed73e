package io.coord.protocol.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes jute's primitive types into a buffer. Not thread-safe: one writer per owner thread, pointed at the next buffer
 * with {@link #reset}. It never takes ownership of the buffer.
 */
public final class WireWriter {
    private ByteBuf out;
    /** The writer index that must not be passed; what would pass it is counted and not written. */
    private int end = Integer.MAX_VALUE;

    private long notWritten;

    public WireWriter(ByteBuf out) {
        this.out = out;
    }

    /** Points this writer at another buffer. */
    public WireWriter reset(ByteBuf buffer) {
        this.out = buffer;
        this.end = Integer.MAX_VALUE;
        this.notWritten = 0;
        return this;
    }

    public void writeInt(int value) {
        if (fits(Integer.BYTES)) {
            out.writeInt(value);
        }
    }

    public void writeLong(long value) {
        if (fits(Long.BYTES)) {
            out.writeLong(value);
        }
    }

    public void writeBool(boolean value) {
        if (fits(1)) {
            out.writeByte(value ? 1 : 0);
        }
    }

    public void writeBuffer(byte @Nullable [] bytes) {
        if (bytes == null) {
            writeInt(-1);
            return;
        }
        writeInt(bytes.length);
        if (fits(bytes.length)) {
            out.writeBytes(bytes);
        }
    }

    public void writeString(@Nullable String text) {
        if (text == null) {
            writeInt(-1);
            return;
        }
        if (Integer.BYTES + (long) ByteBufUtil.utf8MaxBytes(text) > end - out.writerIndex()
                && !fits(Integer.BYTES + ByteBufUtil.utf8Bytes(text))) {
            return;
        }
        int lengthIndex = out.writerIndex();
        out.writeInt(0);
        int most = ByteBufUtil.utf8MaxBytes(text);
        // Three bytes for each sign are there nearly always; a long text must not make the buffer grow for them in
        // vain.
        int reserved = most <= out.writableBytes() ? most : ByteBufUtil.utf8Bytes(text);
        out.setInt(lengthIndex, ByteBufUtil.reserveAndWriteUtf8(out, text, reserved));
    }

    public <T> void writeVector(@Nullable List<T> elements, BiConsumer<T, WireWriter> element) {
        if (elements == null) {
            writeInt(-1);
            return;
        }
        writeInt(elements.size());
        for (T each : elements) {
            element.accept(each, this);
        }
    }

    public void writeStrings(List<String> strings) {
        if (strings instanceof EncodedStrings encoded) {
            if (fits(encoded.encodedLength())) {
                encoded.writeTo(out);
            }
            return;
        }
        writeInt(strings.size());
        for (String each : strings) {
            writeString(each);
        }
    }

    /**
     * Starts a frame: leaves room for its length.
     *
     * @return the mark to hand to {@link #endFrame}
     */
    public int beginFrame() {
        return beginFrame(Integer.MAX_VALUE);
    }

    /**
     * Starts a frame that is kept only when it is short enough. The buffer never grows beyond what such a frame takes,
     * however long the records are that are written into it.
     *
     * @param maxBytes without the length itself
     * @return the mark to hand to {@link #endFrame}
     */
    public int beginFrame(int maxBytes) {
        int mark = out.writerIndex();
        out.writeInt(0);
        end = (int) Math.min(Integer.MAX_VALUE, out.writerIndex() + (long) maxBytes);
        return mark;
    }

    /**
     * Ends the frame that {@link #beginFrame} started: fills in its length, or takes it back when it is too long.
     *
     * @return how many bytes the frame has, or would have, without the length itself; when that is more than the frame was
     *     allowed to have, nothing of it is in the buffer
     */
    public long endFrame(int mark) {
        long bytes = out.writerIndex() - mark - Integer.BYTES + notWritten;
        if (notWritten == 0) {
            out.setInt(mark, (int) bytes);
        } else {
            out.writerIndex(mark);
        }
        end = Integer.MAX_VALUE;
        notWritten = 0;
        return bytes;
    }

    private boolean fits(int bytes) {
        if (bytes <= end - out.writerIndex()) {
            return true;
        }
        notWritten += bytes;
        return false;
    }
}
