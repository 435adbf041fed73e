package io.coord.spring.test;

import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestExecutionListener;

/** Heals the faults of each test, for the next one. */
final class CoordFaultsTestExecutionListener implements TestExecutionListener {

    @Override
    public void afterTestMethod(TestContext test) {
        if (test.hasApplicationContext()) {
            test.getApplicationContext().getBeanProvider(CoordFaults.class).ifAvailable(CoordFaults::heal);
        }
    }
}
