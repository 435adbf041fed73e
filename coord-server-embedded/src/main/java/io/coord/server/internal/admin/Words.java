package io.coord.server.internal.admin;

import io.coord.server.internal.transport.FirstWords;
import java.net.SocketAddress;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the four-letter words from the connections. Those that are allowed are answered by the thread {@code coord-admin}; the
 * owner thread, on which this is called, never waits for that.
 */
final class Words implements FirstWords {
    private static final Logger LOG = LoggerFactory.getLogger(Words.class);
    private static final String ALL = "*";

    private final Set<FourLetterWord> allowed;
    private final AdminThread thread;
    private final Supplier<WordAnswers> answers;

    /** @param allowed words in small letters, or {@code *} for all; {@code srvr} is in any case, as in ZooKeeper */
    Words(Set<String> allowed, AdminThread thread, Supplier<WordAnswers> answers) {
        this.allowed = parse(allowed);
        this.thread = thread;
        this.answers = answers;
    }

    private static Set<FourLetterWord> parse(Set<String> names) {
        Set<FourLetterWord> words = EnumSet.of(FourLetterWord.SRVR);
        for (String each : names) {
            if (each.equals(ALL)) {
                return EnumSet.allOf(FourLetterWord.class);
            }
            try {
                words.add(FourLetterWord.valueOf(each.toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                LOG.warn("{} is among the four-letter words that are allowed, and there is no such word", each);
            }
        }
        return words;
    }

    @Override
    public int argumentBytes(int code) {
        FourLetterWord word = FourLetterWord.of(code);
        return word == null ? NO_WORD : word.argumentBytes();
    }

    @Override
    public void onWord(int code, long argument, @Nullable SocketAddress from, Consumer<String> answer) {
        FourLetterWord word = FourLetterWord.of(code);
        if (word == null) {
            throw new IllegalArgumentException("no word: " + Integer.toHexString(code));
        }
        if (!allowed.contains(word)) {
            LOG.debug("{} from {} is not answered: it is not among the words that are allowed", word.text(), from);
            answer.accept(word.text() + " is not executed because it is not in the whitelist.\n");
            return;
        }
        LOG.debug("{} from {}", word.text(), from);
        if (!thread.offer(() -> answer(word, argument, answer))) {
            LOG.warn("{} from {} is not answered: too many operators' requests wait already", word.text(), from);
            answer.accept("");
        }
    }

    private void answer(FourLetterWord word, long argument, Consumer<String> answer) {
        String text = "";
        try {
            text = answers.get().answer(word, argument);
        } catch (Waiting.NoAnswerException e) {
            LOG.warn("{} is not answered", word.text(), e);
        } finally {
            answer.accept(text);
        }
    }
}
