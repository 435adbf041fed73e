package io.coord.server.internal.admin;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Answers ZooKeeper's command {@code restore} as soon as its head is there: what would be uploaded with it is long, and nobody
 * here wants it. What comes all the same is thrown away.
 */
final class UploadRefusal extends ChannelInboundHandlerAdapter {
    static final List<String> NAMES = List.of("restore", "rest");

    static final String REASON =
            "not offered: clients would see their own acknowledged writes vanish, and locks that two"
                    + " hold. Stop the server, restore into an empty directory (coord-server data restore), and start it on that";

    private static final long MOST_DISCARDED_BYTES = 64 << 20;

    private final String commandPath;
    private boolean refused;
    private long discarded;

    /** @param commandPath without a slash at its end */
    UploadRefusal(String commandPath) {
        this.commandPath = commandPath;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest request && isUpload(request)) {
            refused = true;
            refuse(context);
        }
        if (refused) {
            if (message instanceof HttpContent content) {
                discarded += content.content().readableBytes();
            }
            ReferenceCountUtil.release(message);
            if (discarded > MOST_DISCARDED_BYTES) {
                context.close();
            }
        } else {
            context.fireChannelRead(message);
        }
    }

    private boolean isUpload(HttpRequest request) {
        String path = request.uri().split("\\?", 2)[0];
        return request.method().equals(HttpMethod.POST)
                && NAMES.stream().anyMatch(name -> path.equals(commandPath + '/' + name));
    }

    private static void refuse(ChannelHandlerContext context) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("command", NAMES.get(0));
        fields.put("error", REASON);
        HttpPage.Answer answer = HttpPage.Answer.json(HttpPage.Answer.NOT_IMPLEMENTED, fields);
        DefaultFullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.NOT_IMPLEMENTED,
                ByteBufUtil.writeUtf8(context.alloc(), answer.body()));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, answer.contentType())
                .set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes())
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        // To close now would break the connection under what is still being sent, and the answer could be lost with it.
        context.writeAndFlush(response).addListener(written -> {
            if (context.channel() instanceof DuplexChannel socket) {
                socket.shutdownOutput();
            }
        });
    }
}
