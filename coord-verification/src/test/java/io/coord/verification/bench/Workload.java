package io.coord.verification.bench;

import io.coord.verification.wire.Operation;

/** What a connection of the load generator asks for, again and again. */
enum Workload {
    SET_DATA("setData") {
        @Override
        Operation request(String root, long number) {
            return Operation.setData(root, VALUE, Operation.ANY_VERSION);
        }
    },
    GET_DATA("getData") {
        @Override
        Operation request(String root, long number) {
            return Operation.getData(root, false);
        }
    },
    CREATE("create") {
        @Override
        Operation request(String root, long number) {
            return Operation.create(root + "/" + number, VALUE, Operation.PERSISTENT);
        }
    };

    private static final byte[] VALUE = new byte[100];

    private final String title;

    Workload(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    /** The request with this number; the same for each number when the workload allows it. */
    abstract Operation request(String root, long number);

    boolean isConstant() {
        return this != CREATE;
    }
}
