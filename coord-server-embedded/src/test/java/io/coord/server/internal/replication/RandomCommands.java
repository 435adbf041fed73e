package io.coord.server.internal.replication;

import io.coord.protocol.OpCode;
import io.coord.protocol.data.Acl;
import io.coord.protocol.data.CreateMode;
import io.coord.protocol.data.Id;
import io.coord.protocol.request.CheckVersionRequest;
import io.coord.protocol.request.CreateRequest;
import io.coord.protocol.request.CreateTtlRequest;
import io.coord.protocol.request.DeleteRequest;
import io.coord.protocol.request.MultiRequest;
import io.coord.protocol.request.ReconfigRequest;
import io.coord.protocol.request.Request;
import io.coord.protocol.request.SetAclRequest;
import io.coord.protocol.request.SetDataRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** Commands of all kinds with values from all over their ranges. */
final class RandomCommands {
    private static final String LETTERS = "abc/äß€漢\uD83D\uDE00 .";
    private static final OpCode[] CREATES = {OpCode.CREATE, OpCode.CREATE2, OpCode.CREATE_CONTAINER};

    private final Random random;

    RandomCommands(long seed) {
        random = new Random(seed);
    }

    Command next() {
        return switch (random.nextInt(12)) {
            case 0 -> new Command.CreateSession(random.nextLong(), random.nextInt(), bytes());
            case 1 -> new Command.AttachSession(random.nextLong(), random.nextLong(), random.nextInt(), bytes());
            case 2 ->
                new Command.CloseSession(random.nextLong(), random.nextLong(), random.nextInt(), random.nextBoolean());
            case 3 -> new Command.ReapZnode(random.nextLong(), text(), random.nextLong());
            case 4 -> new Command.Barrier(random.nextLong());
            case 5 -> new Command.EndReconfig(random.nextLong(), random.nextLong(), random.nextBoolean());
            case 6 -> new Command.NameMembers(random.nextLong(), random.nextLong(), text());
            case 7 ->
                new Command.Reconfig(
                        random.nextLong(),
                        random.nextLong(),
                        random.nextInt(),
                        list(this::id),
                        random.nextInt(),
                        new ReconfigRequest(
                                random.nextBoolean() ? text() : null,
                                random.nextBoolean() ? text() : null,
                                random.nextBoolean() ? text() : null,
                                random.nextLong()));
            default ->
                new Command.Write(
                        random.nextLong(),
                        random.nextLong(),
                        random.nextInt(),
                        list(this::id),
                        List.copyOf(EnumSet.allOf(Command.Rules.class)).get(random.nextInt(3)),
                        request());
        };
    }

    private Request request() {
        return switch (random.nextInt(6)) {
            case 0 -> create();
            case 5 -> new CreateTtlRequest(text(), data(), acl(), random.nextInt(), random.nextLong());
            case 1 -> delete();
            case 2 -> setData();
            case 3 -> new SetAclRequest(text(), acl(), random.nextInt());
            default -> new MultiRequest(list(this::part));
        };
    }

    private Request part() {
        return switch (random.nextInt(5)) {
            case 0 -> createInMulti();
            case 4 -> new CreateTtlRequest(text(), data(), acl(), random.nextInt(9), random.nextLong());
            case 1 -> delete();
            case 2 -> setData();
            default -> new CheckVersionRequest(text(), random.nextInt());
        };
    }

    private Request create() {
        return new CreateRequest(CREATES[random.nextInt(CREATES.length)], text(), data(), acl(), random.nextInt());
    }

    /** One without ACL or with unknown flags makes the whole multi malformed, so it never gets as far as a command. */
    private Request createInMulti() {
        List<CreateMode> modes =
                Arrays.stream(CreateMode.values()).filter(mode -> !mode.isTtl()).toList();
        return new CreateRequest(
                CREATES[random.nextInt(CREATES.length)],
                text(),
                data(),
                list(() -> new Acl(random.nextInt(), id())),
                modes.get(random.nextInt(modes.size())).flag());
    }

    private Request delete() {
        return new DeleteRequest(text(), random.nextInt());
    }

    private Request setData() {
        return new SetDataRequest(text(), data(), random.nextInt());
    }

    private List<Acl> acl() {
        return random.nextInt(4) == 0 ? null : list(() -> new Acl(random.nextInt(), id()));
    }

    private Id id() {
        return new Id(text(), text());
    }

    private byte[] data() {
        return random.nextInt(4) == 0 ? null : bytes();
    }

    private byte[] bytes() {
        byte[] bytes = new byte[random.nextInt(4) == 0 ? 0 : random.nextInt(300)];
        random.nextBytes(bytes);
        return bytes;
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(20);
        for (int i = 0; i < length; i++) {
            text.appendCodePoint(LETTERS.codePoints().toArray()[random.nextInt(10)]);
        }
        return text.toString();
    }

    private <T> List<T> list(Supplier<T> element) {
        List<T> list = new ArrayList<>();
        int size = random.nextInt(5);
        for (int i = 0; i < size; i++) {
            list.add(element.get());
        }
        return list;
    }
}
