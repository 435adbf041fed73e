package io.coord.verification.fuzz;

import io.coord.protocol.OpCode;
import io.coord.protocol.data.Acl;
import io.coord.protocol.data.Id;
import io.coord.protocol.request.AddWatchRequest;
import io.coord.protocol.request.AuthPacket;
import io.coord.protocol.request.CheckVersionRequest;
import io.coord.protocol.request.CheckWatchesRequest;
import io.coord.protocol.request.CloseSessionRequest;
import io.coord.protocol.request.ConnectRequest;
import io.coord.protocol.request.CreateRequest;
import io.coord.protocol.request.CreateTtlRequest;
import io.coord.protocol.request.DeleteRequest;
import io.coord.protocol.request.ExistsRequest;
import io.coord.protocol.request.GetAclRequest;
import io.coord.protocol.request.GetAllChildrenNumberRequest;
import io.coord.protocol.request.GetChildrenRequest;
import io.coord.protocol.request.GetDataRequest;
import io.coord.protocol.request.GetEphemeralsRequest;
import io.coord.protocol.request.MultiReadRequest;
import io.coord.protocol.request.MultiRequest;
import io.coord.protocol.request.PingRequest;
import io.coord.protocol.request.RemoveWatchesRequest;
import io.coord.protocol.request.Request;
import io.coord.protocol.request.SetAclRequest;
import io.coord.protocol.request.SetDataRequest;
import io.coord.protocol.request.SetWatchesRequest;
import io.coord.protocol.request.SyncRequest;
import io.coord.protocol.request.WhoAmIRequest;
import io.coord.protocol.wire.WireWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What a client says on one connection, as an input describes it: a handshake, then frames that begin as valid ones and are
 * spoiled in their op, lengths, counts, depth or end, cut anywhere, many in one write.
 */
final class RequestStream {
    private static final int MOST_FRAMES = 48;
    private static final int MOST_BYTES = 256 * 1024;
    private static final int MOST_DEPTH_SHIFT = 12;
    private static final String[] PATHS = {
        "/a",
        "/b",
        "/a/c",
        "/",
        "",
        "/a/",
        "//",
        "/a//b",
        "/./x",
        "/..",
        "x",
        "/\0",
        "/\ue000",
        "/zookeeper/quota",
        "/witness",
        "/a-0000000000"
    };
    private static final OpCode[] OPS = OpCode.values();

    private final FuzzInput choices;
    private final ByteBuf bytes = Unpooled.buffer();
    private final WireWriter out = new WireWriter(bytes);
    private final List<Integer> frameStarts = new ArrayList<>();
    private int xid;

    RequestStream(FuzzInput choices) {
        this.choices = choices;
    }

    /** Builds all of it. */
    byte[] build() {
        handshake();
        for (int i = 0; i < MOST_FRAMES && !choices.isEmpty() && bytes.writerIndex() < MOST_BYTES; i++) {
            frameStarts.add(bytes.writerIndex());
            frame();
        }
        byte[] all = new byte[bytes.readableBytes()];
        bytes.getBytes(0, all);
        return all;
    }

    /** Where writes are cut, ascending: as the input says, chosen before the frames so that they can vary behind it. */
    List<Integer> cuts(int style, int length) {
        return switch (style) {
            case 0, 1 -> List.of();
            case 2 -> frameStarts;
            case 3 -> frameStarts.stream().map(each -> each + 3).toList();
            case 4 -> List.of(length / 2);
            default -> everyByte(Math.min(length, 80));
        };
    }

    private static List<Integer> everyByte(int count) {
        List<Integer> all = new ArrayList<>();
        for (int i = 1; i < count; i++) {
            all.add(i);
        }
        return all;
    }

    private void handshake() {
        int kind = choices.next();
        int mark = out.beginFrame();
        ConnectRequest request = new ConnectRequest(
                0,
                kind == 250 ? choices.nextInt() : 0,
                kind == 251 ? choices.extreme() : 100,
                kind == 252 ? choices.nextInt() : 0,
                kind == 253 ? choices.take(20) : new byte[16],
                kind == 254 ? null : Boolean.FALSE);
        request.encode(out);
        out.endFrame(mark);
        if (kind == 249) {
            spoil(mark, true);
        } else if (kind == 255) {
            bytes.writerIndex(mark + choices.choice(bytes.writerIndex() - mark));
        }
    }

    private void frame() {
        int kind = choices.choice(24);
        int mark = bytes.writerIndex();
        switch (kind) {
            case 14 -> {
                request(anyRequest());
                spoil(mark, true);
            }
            case 15, 16 -> {
                request(anyRequest());
                spoil(mark, false);
            }
            case 17 -> {
                request(anyRequest());
                bytes.writerIndex(mark + 4 + choices.choice(bytes.writerIndex() - mark - 4));
                out.endFrame(mark);
            }
            case 18 -> {
                out.beginFrame();
                out.writeInt(++xid);
                out.writeInt(choices.choice(2) == 0 ? choices.next() - 20 : choices.extreme());
                bytes.writeBytes(choices.take(choices.choice(64)));
                out.endFrame(mark);
            }
            case 19 -> bytes.writeBytes(choices.take(choices.choice(64)));
            case 20 -> deepMulti(1 << choices.choice(MOST_DEPTH_SHIFT + 1));
            case 21 -> hugeCount();
            case 22 -> rawRecord();
            case 23 -> {
                // A handshake where none belongs.
                out.beginFrame();
                new ConnectRequest(0, 0, 100, 0, new byte[16], false).encode(out);
                out.endFrame(mark);
            }
            default -> request(anyRequest());
        }
    }

    private void request(Request request) {
        int mark = out.beginFrame();
        out.writeInt(request.op() == OpCode.PING ? -2 : ++xid);
        out.writeInt(request.op().code());
        request.encode(out);
        out.endFrame(mark);
    }

    /** Overwrites four bytes of a frame, its length too if that is wanted; otherwise the frame is whole. */
    private void spoil(int mark, boolean withLength) {
        int from = withLength ? mark : mark + 4;
        int room = bytes.writerIndex() - from - 4;
        int at = from + (room <= 0 ? 0 : choices.choice(room + 1));
        if (at + 4 <= bytes.writerIndex()) {
            bytes.setInt(at, choices.extreme());
        }
    }

    /** Operations in operations in operations, or just very many. */
    private void deepMulti(int depth) {
        int mark = out.beginFrame();
        out.writeInt(++xid);
        out.writeInt(OpCode.MULTI.code());
        int style = choices.choice(4);
        for (int i = 0; i < depth; i++) {
            Request each = style == 0 ? new CheckVersionRequest("/", -1) : anySmallWrite(i);
            out.writeInt(style == 1 ? OpCode.MULTI.code() : each.op().code());
            out.writeBool(false);
            out.writeInt(-1);
            if (style != 1) {
                each.encode(out);
            }
        }
        if (style != 2) {
            out.writeInt(-1);
            out.writeBool(true);
            out.writeInt(-1);
        }
        out.endFrame(mark);
    }

    private static Request anySmallWrite(int i) {
        return i % 2 == 0
                ? new CreateRequest(OpCode.CREATE, "/multi", null, Acl.OPEN, 0)
                : new DeleteRequest("/multi", -1);
    }

    private void hugeCount() {
        int mark = out.beginFrame();
        out.writeInt(++xid);
        switch (choices.choice(4)) {
            case 0 -> {
                out.writeInt(OpCode.SET_WATCHES2.code());
                out.writeLong(0);
                out.writeInt(choices.extreme());
                for (int i = choices.next(); i > 0; i--) {
                    out.writeString("");
                }
            }
            case 1 -> {
                out.writeInt(OpCode.CREATE.code());
                out.writeString("/a");
                out.writeBuffer(null);
                out.writeInt(choices.extreme());
                bytes.writeZero(choices.choice(600));
            }
            case 2 -> {
                out.writeInt(OpCode.SET_WATCHES.code());
                out.writeLong(choices.extreme());
                int count = choices.choice(2_000);
                for (int list = 0; list < 3; list++) {
                    out.writeStrings(Collections.nCopies(count, "/a"));
                }
            }
            default -> {
                out.writeInt(OpCode.SET_DATA.code());
                out.writeString("/a");
                out.writeInt(choices.extreme());
            }
        }
        out.endFrame(mark);
    }

    private void rawRecord() {
        int mark = out.beginFrame();
        out.writeInt(++xid);
        out.writeInt(OPS[choices.choice(OPS.length)].code());
        bytes.writeBytes(choices.take(choices.choice(96)));
        out.endFrame(mark);
    }

    private Request anyRequest() {
        String path = PATHS[choices.choice(PATHS.length)];
        int detail = choices.next();
        boolean watch = detail > 127;
        return switch (choices.choice(26)) {
            case 0, 1, 2 -> new CreateRequest(OpCode.CREATE, path, new byte[detail], acl(detail), detail % 9 - 1);
            case 3 -> new CreateRequest(OpCode.CREATE2, path, null, Acl.OPEN, detail % 4);
            case 4 -> new CreateRequest(OpCode.CREATE_CONTAINER, path, null, Acl.OPEN, 4);
            case 5 -> new DeleteRequest(path, detail < 200 ? -1 : choices.extreme());
            case 6 -> new SetDataRequest(path, new byte[detail * 16], detail < 200 ? -1 : choices.extreme());
            case 7 -> new SetAclRequest(path, acl(detail), -1);
            case 8 -> new GetDataRequest(path, watch);
            case 9 -> new ExistsRequest(path, watch);
            case 10 -> new GetChildrenRequest(watch ? OpCode.GET_CHILDREN2 : OpCode.GET_CHILDREN, path, watch);
            case 11 -> new GetAclRequest(path);
            case 12 -> new AddWatchRequest(path, detail % 4);
            case 13 -> new RemoveWatchesRequest(path, detail % 8);
            case 14 ->
                new AuthPacket(
                        detail,
                        detail < 200 ? "digest" : "ip",
                        ("user" + detail + ":x").getBytes(StandardCharsets.UTF_8));
            case 15 -> new SyncRequest(path);
            case 16 ->
                new MultiRequest(List.of(
                        new CreateRequest(OpCode.CREATE, path, null, Acl.OPEN, detail % 4),
                        new DeleteRequest(path, -1)));
            case 17 ->
                new SetWatchesRequest(
                        watch ? OpCode.SET_WATCHES2 : OpCode.SET_WATCHES,
                        detail,
                        List.of(path),
                        List.of(path, path),
                        List.of(path),
                        List.of(path),
                        List.of(path));
            case 18 ->
                new CreateTtlRequest(
                        path, new byte[detail], detail % 16 == 15 ? null : acl(detail), detail, detail - 8);
            case 19 ->
                new MultiRequest(List.of(
                        new CreateTtlRequest(path, null, detail % 16 == 15 ? null : Acl.OPEN, detail % 64, detail - 8),
                        new CheckVersionRequest(path, detail % 2 - 1)));
            case 20 ->
                new MultiReadRequest(List.of(
                        new GetDataRequest(path, watch), new GetChildrenRequest(OpCode.GET_CHILDREN, path, false)));
            case 21 -> new GetAllChildrenNumberRequest(path);
            case 22 -> watch ? new GetEphemeralsRequest(path) : WhoAmIRequest.INSTANCE;
            case 23 -> new CheckWatchesRequest(path, detail % 8);
            case 24 -> PingRequest.INSTANCE;
            default -> detail < 240 ? PingRequest.INSTANCE : CloseSessionRequest.INSTANCE;
        };
    }

    private static List<Acl> acl(int detail) {
        return detail % 8 == 7
                ? List.of(new Acl(detail, new Id(detail < 128 ? "digest" : "ip", "127.0.0.1/" + detail)))
                : Acl.OPEN;
    }
}
