package io.coord.client;

import io.coord.client.internal.session.BlockingResult;
import io.coord.client.internal.session.Repeat;
import io.coord.client.internal.session.Result;
import io.coord.client.internal.session.StageResult;
import io.coord.protocol.data.ClientInfo;
import io.coord.protocol.request.WhoAmIRequest;
import io.coord.protocol.response.WhoAmIResponse;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Asks the server as whom it sees this client: the identities of the present connection, without anything secret. For
 * servers from ZooKeeper 3.7 on.
 *
 * <pre>{@code
 * for (ClientInfo identity : client.whoAmI().forConnection()) {
 *     use(identity.authScheme(), identity.user());
 * }
 * }</pre>
 */
public final class WhoAmIBuilder extends Operation<WhoAmIBuilder> {
    WhoAmIBuilder(CoordClient client) {
        super(client, "whoAmI");
    }

    @Override
    WhoAmIBuilder self() {
        return this;
    }

    /**
     * @throws io.coord.client.error.UnsupportedByServerException when the server is older than ZooKeeper 3.7
     */
    public List<ClientInfo> forConnection() {
        BlockingResult<List<ClientInfo>> result = waiting(null);
        start(result);
        return result.await();
    }

    /** As {@link #forConnection}, without waiting. */
    public CompletionStage<List<ClientInfo>> forConnectionAsync() {
        StageResult<List<ClientInfo>> result = stage();
        start(result);
        return result;
    }

    private void start(Result<List<ClientInfo>> result) {
        loop().submit(new SimpleCall<>(
                this,
                null,
                WhoAmIRequest.INSTANCE,
                Repeat.READ,
                System.nanoTime(),
                result,
                response -> ((WhoAmIResponse) response).clientInfo()));
    }
}
