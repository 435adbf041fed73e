package io.coord.recipes.lock;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** This process as others see it. Found out once, on the thread that makes the first lock object. */
final class LocalProcess {
    private static final long ID = ProcessHandle.current().pid();
    private static final String HOST = findHost();

    private LocalProcess() {}

    static long id() {
        return ID;
    }

    static String host() {
        return HOST;
    }

    private static String findHost() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            // The message is the name that the machine has given itself, and why nobody else knows it.
            String message = e.getMessage();
            int end = message == null ? -1 : message.indexOf(':');
            return message == null || end <= 0 ? "unknown" : message.substring(0, end);
        }
    }
}
