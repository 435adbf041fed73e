package io.coord.verification.bench;

/**
 * How a load is spread.
 *
 * @param connections of the load generator, a session each
 * @param window outstanding requests of each connection
 */
record Shape(int connections, int window) {
    @Override
    public String toString() {
        return "c" + connections + " w" + window;
    }
}
