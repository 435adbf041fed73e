package io.coord.spring.observation;

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;

/** What is observed. No name is that of a meter: meters are there without observations, too, and have other tags. */
public enum CoordObservation implements ObservationDocumentation {

    /** A call that needs a lock, from when it begins to wait until it ends and the lock is given back. */
    LOCK_CALL("coord.lock.call", DefaultLockCallConvention.class),

    /** The part of such a call in which it waits for the lock; a child of the call. */
    LOCK_WAIT("coord.lock.wait", DefaultLockWaitConvention.class),

    /** A request of the client that is made as part of something observed, retries included. */
    CLIENT_CALL("coord.client.call", DefaultClientCallConvention.class),

    /** A method that is told that this application leads a role, or does not any more. */
    LEADER_LISTENER("coord.leader.listener", DefaultLeaderListenerConvention.class);

    private final String name;
    private final Class<? extends ObservationConvention<? extends Observation.Context>> convention;

    CoordObservation(String name, Class<? extends ObservationConvention<? extends Observation.Context>> convention) {
        this.name = name;
        this.convention = convention;
    }

    @Override
    public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
        return convention;
    }

    @Override
    public KeyName[] getLowCardinalityKeyNames() {
        return switch (this) {
            case LOCK_CALL, LOCK_WAIT -> new KeyName[] {LowKey.LOCK, LowKey.MODE, LowKey.OUTCOME};
            case CLIENT_CALL -> new KeyName[] {LowKey.OPERATION, LowKey.OUTCOME};
            case LEADER_LISTENER -> new KeyName[] {LowKey.ROLE, LowKey.CHANGE};
        };
    }

    @Override
    public KeyName[] getHighCardinalityKeyNames() {
        return switch (this) {
            case LOCK_CALL ->
                new KeyName[] {HighKey.LOCK_KEY, HighKey.LOCK_PATH, HighKey.LOCK_USER, HighKey.FENCING_TOKEN};
            case LOCK_WAIT -> new KeyName[] {HighKey.LOCK_KEY, HighKey.LOCK_PATH};
            case CLIENT_CALL -> new KeyName[] {HighKey.CLIENT_PATH, HighKey.CLIENT_ERROR};
            case LEADER_LISTENER -> new KeyName[] {HighKey.METHOD, HighKey.GENERATION, HighKey.FENCING_TOKEN};
        };
    }

    /** Of the observation, as the default convention has it. */
    String technicalName() {
        return name;
    }

    /** Keys of few values, for meters and traces. */
    public enum LowKey implements KeyName {

        /** A lock's name as it is declared, without the key of a call. */
        LOCK("lock"),

        /** {@code read}, {@code write}, {@code exclusive} or {@code permit}. */
        MODE("mode"),

        /** How it ended; {@code unknown} until it has. */
        OUTCOME("outcome"),

        /** What the client is asked to do, such as {@code getData}. */
        OPERATION("op"),

        /** A role. */
        ROLE("role"),

        /** {@code granted} or {@code revoked}. */
        CHANGE("change");

        private final String text;

        LowKey(String text) {
            this.text = text;
        }

        @Override
        public String asString() {
            return text;
        }
    }

    /** Keys of any number of values, for traces only. */
    public enum HighKey implements KeyName {

        /** The key of a call; {@code none} where the lock has none. */
        LOCK_KEY("coord.lock.key"),

        /** The path of the lock. */
        LOCK_PATH("coord.lock.path"),

        /** Who asks for the lock: a method, or the purpose of a task. */
        LOCK_USER("coord.lock.user"),

        /** The number of the holding or leadership; {@code none} before there is one. */
        FENCING_TOKEN("coord.fencing.token"),

        /** The path of a request; {@code none} for a transaction. */
        CLIENT_PATH("coord.client.path"),

        /** ZooKeeper's code when the server refused, such as -101 for a node that is not there; {@code none} otherwise. */
        CLIENT_ERROR("coord.client.error"),

        /** The method that is called. */
        METHOD("coord.leader.method"),

        /** How often this application has led the role. */
        GENERATION("coord.leader.generation");

        private final String text;

        HighKey(String text) {
            this.text = text;
        }

        @Override
        public String asString() {
            return text;
        }
    }
}
