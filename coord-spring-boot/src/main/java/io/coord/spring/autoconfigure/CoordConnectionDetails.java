package io.coord.spring.autoconfigure;

import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;

/**
 * Where the servers are. A bean of this type replaces {@code coord.connect-string}; when {@code coord.mode} is not set it also makes
 * the application use these servers instead of an embedded one.
 */
public interface CoordConnectionDetails extends ConnectionDetails {

    /** Addresses of the servers as {@code host:port[,host:port…][/chroot]}. */
    String getConnectString();
}
