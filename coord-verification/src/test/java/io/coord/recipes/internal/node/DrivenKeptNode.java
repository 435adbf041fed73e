package io.coord.recipes.internal.node;

/** The core of a kept znode, opened to the simulation; what {@code KeptNode} does with callers and a client. */
public final class DrivenKeptNode {
    /** What {@link KeptNodeCore.Port} asks for, with the same answers. */
    public interface World {
        long session();

        void create();

        void read();

        void write(int version);

        void replace(int version);

        void delete(int version);

        void pause(int failures, long ticket);

        void stateChanged(KeptNode.State state);
    }

    private final KeptNodeCore core;

    /** @param takesOver whether a leftover of another session is replaced at first */
    public DrivenKeptNode(boolean takesOver, World world) {
        KeptNodeCore.Takeover takeover = takesOver ? KeptNodeCore.Takeover.AT_FIRST : KeptNodeCore.Takeover.NEVER;
        this.core = new KeptNodeCore(true, takeover, new KeptNodeCore.Port() {
            @Override
            public long session() {
                return world.session();
            }

            @Override
            public void create() {
                world.create();
            }

            @Override
            public void read() {
                world.read();
            }

            @Override
            public void write(int version) {
                world.write(version);
            }

            @Override
            public void replace(int version) {
                world.replace(version);
            }

            @Override
            public void delete(int version) {
                world.delete(version);
            }

            @Override
            public void pause(int failures, long ticket) {
                world.pause(failures, ticket);
            }

            @Override
            public void stateChanged(KeptNode.State state) {
                world.stateChanged(state);
            }
        });
    }

    public void start(boolean isConnected) {
        core.start(isConnected);
    }

    public void connected() {
        core.connected();
    }

    public void disconnected() {
        core.disconnected();
    }

    public void sessionLost() {
        core.sessionLost();
    }

    public void clientClosed() {
        core.clientClosed();
    }

    public void changed() {
        core.changed();
    }

    public void update() {
        core.update();
    }

    public void remove() {
        core.remove();
    }

    public void created(long session) {
        core.created(session);
    }

    public void alreadyThere() {
        core.alreadyThere();
    }

    public void found(long owner, int version, boolean sameData) {
        core.found(new KeptNodeCore.Found(owner, version, sameData));
    }

    public void nothingThere() {
        core.nothingThere();
    }

    public void written(long owner) {
        core.written(owner);
    }

    public void deleted() {
        core.deleted();
    }

    public void changedMeanwhile() {
        core.changedMeanwhile();
    }

    public void failed() {
        core.failed();
    }

    public void pauseOver(long ticket) {
        core.pauseOver(ticket);
    }
}
