/** Kafka's broker, in a process of its own, on Coord's server in another; the tests are Kafka's clients. */
package io.coord.foreign.kafka;
