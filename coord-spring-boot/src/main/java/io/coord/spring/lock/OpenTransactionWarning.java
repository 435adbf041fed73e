package io.coord.spring.lock;

import java.lang.reflect.Method;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.util.ClassUtils;

/**
 * Warns, once per method, when a lock is taken inside a transaction: it is released before the transaction commits, so the next
 * holder may read what was there before. Thread-safe: a concurrent set.
 */
final class OpenTransactionWarning {

    private static final Logger logger = LoggerFactory.getLogger(OpenTransactionWarning.class);

    private static final boolean TRANSACTIONS_EXIST = ClassUtils.isPresent(
            "org.springframework.transaction.support.TransactionSynchronizationManager",
            OpenTransactionWarning.class.getClassLoader());

    private final Set<Method> warned = ConcurrentHashMap.newKeySet();

    void check(LockedMethod locked, String path) {
        if (TRANSACTIONS_EXIST && Transactions.isOpen() && warned.add(locked.method())) {
            logger.warn(
                    "{} takes the lock {} inside a transaction and releases it before that commits, so the next holder may not see"
                            + " what was written. Begin the transaction inside the lock.",
                    locked.describe(),
                    path);
        }
    }

    /** Loads Spring's transactions only when they are there. */
    private static final class Transactions {

        static boolean isOpen() {
            return TransactionSynchronizationManager.isActualTransactionActive();
        }
    }
}
