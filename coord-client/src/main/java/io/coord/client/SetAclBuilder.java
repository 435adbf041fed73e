package io.coord.client;

import io.coord.client.internal.session.BlockingResult;
import io.coord.client.internal.session.Repeat;
import io.coord.client.internal.session.Result;
import io.coord.client.internal.session.StageResult;
import io.coord.protocol.data.Acl;
import io.coord.protocol.data.Stat;
import io.coord.protocol.request.SetAclRequest;
import io.coord.protocol.response.StatResponse;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Replaces a znode's ACL.
 *
 * <pre>{@code
 * client.setACL().withACL(List.of(new Acl(Acl.READ | Acl.WRITE, new Id("ip", "10.0.0.0/8")))).forPath("/secrets");
 * }</pre>
 */
public final class SetAclBuilder extends Operation<SetAclBuilder> {
    private int version = -1;
    private @Nullable List<Acl> acl;

    SetAclBuilder(CoordClient client) {
        super(client, "setACL");
    }

    @Override
    SetAclBuilder self() {
        return this;
    }

    /** The new ACL. Without it, what the client's {@link AclProvider} says. */
    public SetAclBuilder withACL(List<Acl> entries) {
        this.acl = List.copyOf(entries);
        return this;
    }

    /** The ACL version ({@code aversion}) that the znode must have; any by default. */
    public SetAclBuilder withVersion(int aversion) {
        this.version = aversion;
        return this;
    }

    /**
     * @throws io.coord.client.error.BadVersionException when the ACL version differs; nothing was changed
     * @throws io.coord.client.error.ConnectionLossException when the effect may have happened
     */
    public Stat forPath(String path) {
        BlockingResult<Stat> result = waiting(path);
        start(path, result);
        return result.await();
    }

    /** As {@link #forPath}, without waiting. */
    public CompletionStage<Stat> forPathAsync(String path) {
        StageResult<Stat> result = stage();
        start(path, result);
        return result;
    }

    private void start(String path, Result<Stat> result) {
        String serverPath = paths().toServer(path);
        List<Acl> entries = acl == null ? client.aclFor(serverPath) : acl;
        loop().submit(new SimpleCall<>(
                this,
                path,
                new SetAclRequest(serverPath, entries, version),
                Repeat.WRITE,
                System.nanoTime(),
                result,
                response -> ((StatResponse) response).stat()));
    }
}
