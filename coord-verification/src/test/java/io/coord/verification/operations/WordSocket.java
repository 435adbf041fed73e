package io.coord.verification.operations;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Sends a word as {@code echo word | nc} does: the sending side is closed right behind it. */
final class WordSocket {
    private static final int TIMEOUT_MS = 20_000;

    private WordSocket() {}

    static String ask(int port, String word) {
        return ask(port, word.getBytes(StandardCharsets.US_ASCII));
    }

    static String ask(int port, byte[]... segments) {
        try (Socket socket = open(port)) {
            for (byte[] each : segments) {
                socket.getOutputStream().write(each);
                socket.getOutputStream().flush();
            }
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<String> lines(int port, String word) {
        return Arrays.asList(ask(port, word).split("\n", -1));
    }

    static byte[] setTraceMask(long mask) {
        return ByteBuffer.allocate(4 + Long.BYTES)
                .put("stmk".getBytes(StandardCharsets.US_ASCII))
                .putLong(mask)
                .array();
    }

    static Socket open(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MS);
        return socket;
    }
}
