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

    public WireWriter(ByteBuf out) {
        this.out = out;
    }

    /** Points this writer at another buffer. */
    public WireWriter reset(ByteBuf buffer) {
        this.out = buffer;
        return this;
    }

    public void writeInt(int value) {
        out.writeInt(value);
    }

    public void writeLong(long value) {
        out.writeLong(value);
    }

    public void writeBool(boolean value) {
        out.writeByte(value ? 1 : 0);
    }

    public void writeBuffer(byte @Nullable [] bytes) {
        if (bytes == null) {
            out.writeInt(-1);
        } else {
            out.writeInt(bytes.length);
            out.writeBytes(bytes);
        }
    }

    public void writeString(@Nullable String text) {
        if (text == null) {
            out.writeInt(-1);
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
            out.writeInt(-1);
            return;
        }
        out.writeInt(elements.size());
        for (T each : elements) {
            element.accept(each, this);
        }
    }

    public void writeStrings(List<String> strings) {
        out.writeInt(strings.size());
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
        int mark = out.writerIndex();
        out.writeInt(0);
        return mark;
    }

    /** Ends the frame that {@link #beginFrame} started: fills in its length. */
    public void endFrame(int mark) {
        out.setInt(mark, out.writerIndex() - mark - Integer.BYTES);
    }
}
