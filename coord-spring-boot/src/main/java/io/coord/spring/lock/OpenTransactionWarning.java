package io.coord.spring.lock;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.util.ClassUtils;

/**
 * Warns, once per user, when a lock is taken inside a transaction: it is released before the transaction commits, so the next
 * holder may read what was there before. Thread-safe: a concurrent set.
 */
final class OpenTransactionWarning {

    private static final Logger logger = LoggerFactory.getLogger(OpenTransactionWarning.class);

    private static final boolean TRANSACTIONS_EXIST = ClassUtils.isPresent(
            "org.springframework.transaction.support.TransactionSynchronizationManager",
            OpenTransactionWarning.class.getClassLoader());

    private final Set<String> warned = ConcurrentHashMap.newKeySet();

    void check(LockRequest request) {
        if (TRANSACTIONS_EXIST && Transactions.isOpen() && warned.add(request.user())) {
            logger.warn(
                    "{} takes the {} {} inside a transaction and releases it before that commits, so the next holder may not see"
                            + " what was written. Begin the transaction inside the lock.",
                    request.user(),
                    request.mode().noun(),
                    request.path());
        }
    }

    /** Loads Spring's transactions only when they are there. */
    private static final class Transactions {

        static boolean isOpen() {
            return TransactionSynchronizationManager.isActualTransactionActive();
        }
    }
}
