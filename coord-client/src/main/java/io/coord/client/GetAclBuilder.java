package io.coord.client;

import io.coord.client.internal.session.BlockingResult;
import io.coord.client.internal.session.Repeat;
import io.coord.client.internal.session.Result;
import io.coord.client.internal.session.StageResult;
import io.coord.protocol.data.Acl;
import io.coord.protocol.request.GetAclRequest;
import io.coord.protocol.response.GetAclResponse;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Reads a znode's ACL. Without the ADMIN permission the hashes of digest entries are masked by the server.
 *
 * <pre>{@code
 * StatHolder stat = new StatHolder();
 * List<Acl> acl = client.getACL().storingStatIn(stat).forPath("/secrets");
 * }</pre>
 */
public final class GetAclBuilder extends SyncableRead<GetAclBuilder> {
    private @Nullable StatHolder statHolder;

    GetAclBuilder(CoordClient client) {
        super(client, "getACL");
    }

    @Override
    GetAclBuilder self() {
        return this;
    }

    public GetAclBuilder storingStatIn(StatHolder holder) {
        this.statHolder = holder;
        return this;
    }

    public List<Acl> forPath(String path) {
        BlockingResult<List<Acl>> result = waiting(path);
        start(path, result);
        return result.await();
    }

    /** As {@link #forPath}, without waiting. */
    public CompletionStage<List<Acl>> forPathAsync(String path) {
        StageResult<List<Acl>> result = stage();
        start(path, result);
        return result;
    }

    private void start(String path, Result<List<Acl>> result) {
        StatHolder holder = statHolder;
        String serverPath = paths().toServer(path);
        GetAclRequest request = new GetAclRequest(serverPath);
        long now = System.nanoTime();
        SimpleCall.Answer<List<Acl>> answer = response -> {
            GetAclResponse found = (GetAclResponse) response;
            if (holder != null) {
                holder.set(found.stat());
            }
            return found.acl();
        };
        submit(
                path,
                serverPath,
                now,
                result,
                outcome -> new SimpleCall<>(this, path, request, Repeat.READ, now, outcome, answer));
    }
}
