package io.coord.server.ensemble.internal;

import io.coord.protocol.wire.MalformedRecordException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageCodec;
import java.util.List;

/** Messages with their lengths. One for each connection. */
final class LinkCodec extends ByteToMessageCodec<LinkMessage> {
    private final int mostBytes;

    LinkCodec(int mostBytes) {
        this.mostBytes = mostBytes;
    }

    @Override
    protected void encode(ChannelHandlerContext context, LinkMessage message, ByteBuf out) {
        int lengthAt = out.writerIndex();
        out.writeInt(0);
        LinkMessage.write(message, out);
        out.setInt(lengthAt, out.writerIndex() - lengthAt - Integer.BYTES);
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (in.readableBytes() < Integer.BYTES) {
            return;
        }
        int length = in.getInt(in.readerIndex());
        if (length < 1 || length > mostBytes) {
            throw new MalformedRecordException("a message of " + length + " bytes");
        }
        if (in.readableBytes() >= Integer.BYTES + length) {
            in.skipBytes(Integer.BYTES);
            out.add(LinkMessage.read(in.readSlice(length)));
        }
    }
}
