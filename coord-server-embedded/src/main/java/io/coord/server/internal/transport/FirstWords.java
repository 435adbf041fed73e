package io.coord.server.internal.transport;

import java.net.SocketAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The four-letter words: an operator sends one where a client's first frame would begin. Read as the length of a frame, each
 * is far longer than a connect request may be, so nothing that clients send is mistaken for one. Owner thread.
 */
public interface FirstWords {
    int NO_WORD = -1;

    /** For a server that knows no words. */
    FirstWords NONE = new FirstWords() {
        @Override
        public int argumentBytes(int word) {
            return NO_WORD;
        }

        @Override
        public void onWord(int word, long argument, @Nullable SocketAddress from, Consumer<String> answer) {
            throw new IllegalArgumentException("no word: " + Integer.toHexString(word));
        }
    };

    /** How many bytes come behind the four of a word, 0 or 8; {@link #NO_WORD} when these four are none. */
    int argumentBytes(int word);

    /**
     * A word has come, with what belongs to it.
     *
     * @param argument of the word; 0 when it has none
     * @param answer sends a text and closes the connection; to be called once, on any thread
     */
    void onWord(int word, long argument, @Nullable SocketAddress from, Consumer<String> answer);
}
