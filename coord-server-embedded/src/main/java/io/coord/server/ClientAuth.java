package io.coord.server;

/** Whether clients show a certificate; ZooKeeper's {@code ssl.clientAuth}. */
public enum ClientAuth {
    /** They are not asked. */
    NONE,
    /** They are asked; one that shows none is let in, one whose certificate is not trusted is not. */
    WANT,
    /** One that shows none is not let in. */
    NEED
}
