package io.coord.server.internal.admin;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.FileRegion;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.timeout.IdleStateEvent;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The requests of one connection, answered one after the other in the order in which they came. While one is under way nothing
 * more is read; what had come with it waits.
 */
final class HttpRequests extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(HttpRequests.class);
    private static final String TEXT = "text/plain; charset=utf-8";

    private final HttpPage.Directory pages;
    private final Deque<Question> waiting = new ArrayDeque<>();
    private boolean answering;
    private @Nullable FileRegion sending;
    /** Of it, when that was looked at last. */
    private long sentBytes = -1;

    HttpRequests(HttpPage.Directory pages) {
        this.pages = pages;
    }

    /**
     * What is left of a request.
     *
     * @param refusal what is wrong with it; null when nothing is
     */
    private record Question(
            String uri,
            boolean headOnly,
            boolean keepAlive,
            @Nullable String authorization,
            @Nullable HttpResponseStatus refusal) {
        static Question of(FullHttpRequest request) {
            Throwable failure = request.decoderResult().cause();
            boolean headOnly = request.method().equals(HttpMethod.HEAD);
            if (failure != null) {
                return new Question("", false, false, null, statusOf(failure));
            }
            if (!headOnly && !request.method().equals(HttpMethod.GET)) {
                return new Question("", false, false, null, HttpResponseStatus.METHOD_NOT_ALLOWED);
            }
            return new Question(
                    request.uri(),
                    headOnly,
                    HttpUtil.isKeepAlive(request),
                    request.headers().get(HttpHeaderNames.AUTHORIZATION),
                    null);
        }

        private static HttpResponseStatus statusOf(Throwable failure) {
            return failure instanceof TooLongFrameException
                    ? HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
                    : HttpResponseStatus.BAD_REQUEST;
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        waiting.add(Question.of(request));
        if (!answering) {
            answerNext(context);
        }
    }

    private void answerNext(ChannelHandlerContext context) {
        Question question = waiting.poll();
        answering = question != null;
        context.channel().config().setAutoRead(question == null);
        if (question != null) {
            find(question)
                    .whenCompleteAsync(
                            (answer, failure) -> send(context, question, answerOf(answer, failure)),
                            context.executor());
        }
    }

    private CompletableFuture<HttpPage.Answer> find(Question question) {
        HttpResponseStatus refusal = question.refusal;
        if (refusal != null) {
            return CompletableFuture.completedFuture(plain(refusal));
        }
        QueryStringDecoder uri = new QueryStringDecoder(question.uri);
        try {
            Map<String, String> parameters = new LinkedHashMap<>();
            uri.parameters().forEach((name, values) -> parameters.put(name, values.get(0)));
            @Nullable HttpPage page = pages.apply(uri.path());
            return page == null
                    ? CompletableFuture.completedFuture(plain(HttpResponseStatus.NOT_FOUND))
                    : page.get(new HttpPage.Query(parameters, question.authorization));
        } catch (IllegalArgumentException e) {
            LOG.debug("A per cent sign without two digits behind it: {}", question.uri, e);
            return CompletableFuture.completedFuture(plain(HttpResponseStatus.BAD_REQUEST));
        }
    }

    private static HttpPage.Answer answerOf(HttpPage.@Nullable Answer answer, @Nullable Throwable failure) {
        if (answer != null) {
            return answer;
        }
        LOG.warn("A page failed", failure);
        return plain(HttpResponseStatus.INTERNAL_SERVER_ERROR);
    }

    private static HttpPage.Answer plain(HttpResponseStatus status) {
        return new HttpPage.Answer(status.code(), TEXT, status.reasonPhrase() + '\n');
    }

    private void send(ChannelHandlerContext context, Question question, HttpPage.Answer answer) {
        SentFile file = answer.file();
        if (file == null) {
            sendText(context, question, answer);
        } else {
            sendFile(context, question, answer, file);
        }
    }

    /** The connection ends with it. */
    private void sendFile(ChannelHandlerContext context, Question question, HttpPage.Answer answer, SentFile file) {
        HttpResponse response =
                new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(answer.status()));
        addHeaders(response.headers(), answer, file.bytes(), false);
        context.write(response);
        // The region is let go, whatever becomes of it, and with it the file.
        FileRegion region = new DefaultFileRegion(file.content(), 0, question.headOnly ? 0 : file.bytes()) {
            @Override
            protected void deallocate() {
                try {
                    file.close();
                } catch (IOException e) {
                    LOG.warn("What was left of a snapshot for somebody could not be removed", e);
                }
            }
        };
        sending = region;
        context.write(region);
        context.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT).addListener(ChannelFutureListener.CLOSE);
    }

    private static void addHeaders(HttpHeaders headers, HttpPage.Answer answer, long length, boolean keepAlive) {
        headers.set(HttpHeaderNames.CONTENT_TYPE, answer.contentType())
                .set(HttpHeaderNames.CONTENT_LENGTH, length)
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                .set("X-Content-Type-Options", "nosniff")
                .set(HttpHeaderNames.CONNECTION, keepAlive ? HttpHeaderValues.KEEP_ALIVE : HttpHeaderValues.CLOSE);
        answer.headers().forEach(headers::set);
    }

    private void sendText(ChannelHandlerContext context, Question question, HttpPage.Answer answer) {
        ByteBuf body = ByteBufUtil.writeUtf8(context.alloc(), answer.body());
        int length = body.readableBytes();
        if (question.headOnly) {
            body.clear();
        }
        FullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(answer.status()), body);
        addHeaders(response.headers(), answer, length, question.keepAlive);
        ChannelFuture written = context.writeAndFlush(response);
        if (question.keepAlive) {
            answerNext(context);
        } else {
            written.addListener(ChannelFutureListener.CLOSE);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        if (event instanceof IdleStateEvent && (!answering || isStuck())) {
            context.close();
        } else {
            super.userEventTriggered(context, event);
        }
    }

    /** Whether a file is on its way, and whoever asked for it has taken nothing of it since this was asked last. */
    private boolean isStuck() {
        FileRegion region = sending;
        if (region == null) {
            return false;
        }
        boolean stuck = region.transferred() == sentBytes;
        sentBytes = region.transferred();
        return stuck;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
            LOG.debug("{} broke", context.channel(), cause);
        } else {
            LOG.info("{} is closed: its request cannot be taken: {}", context.channel(), String.valueOf(cause));
        }
        context.close();
    }
}
