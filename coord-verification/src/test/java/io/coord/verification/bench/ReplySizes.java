package io.coord.verification.bench;

/** Bytes of replies on the wire. */
interface ReplySizes {
    int HEADER = 16;
    int INT = 4;
    int STAT = 68;
    int VALUE_BYTES = 100;
    int ANY = -1;
}
