package io.coord.protocol;

import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.jute.BinaryInputArchive;
import org.apache.jute.BinaryOutputArchive;
import org.apache.jute.Record;

/**
 * One value, as a record of ours and as the record of stock ZooKeeper.
 *
 * @param decode reads our record and answers how to write what was read
 * @param empty a stock record to read into
 * @param cut how many bytes stock ZooKeeper writes at the end that this dialect leaves out
 */
record RecordPair(
        Consumer<WireWriter> ours,
        Function<WireReader, Consumer<WireWriter>> decode,
        Record stock,
        Supplier<Record> empty,
        int cut) {

    RecordPair(
            Consumer<WireWriter> ours,
            Function<WireReader, Consumer<WireWriter>> decode,
            Record stock,
            Supplier<Record> empty) {
        this(ours, decode, stock, empty, 0);
    }

    byte[] encodedByUs() {
        return write(ours);
    }

    byte[] encodedByStock() {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            stock.serialize(BinaryOutputArchive.getArchive(out), "record");
            byte[] bytes = out.toByteArray();
            return Arrays.copyOf(bytes, bytes.length - cut);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads bytes with our decoder and writes what it understood. */
    byte[] throughOurDecoder(byte[] bytes) {
        ByteBuf in = Unpooled.wrappedBuffer(bytes);
        Consumer<WireWriter> decoded = decode.apply(new WireReader(in));
        if (in.isReadable()) {
            throw new AssertionError(in.readableBytes() + " bytes left unread");
        }
        return write(decoded);
    }

    /** Reads bytes with stock ZooKeeper's decoder and writes what it understood. */
    byte[] throughStockDecoder(byte[] bytes) {
        try {
            Record record = empty.get();
            byte[] whole = Arrays.copyOf(bytes, bytes.length + cut);
            record.deserialize(BinaryInputArchive.getArchive(new ByteArrayInputStream(whole)), "record");
            return new RecordPair(ours, decode, record, empty, cut).encodedByStock();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] write(Consumer<WireWriter> record) {
        ByteBuf out = Unpooled.buffer();
        record.accept(new WireWriter(out));
        byte[] bytes = new byte[out.readableBytes()];
        out.readBytes(bytes);
        return bytes;
    }
}
