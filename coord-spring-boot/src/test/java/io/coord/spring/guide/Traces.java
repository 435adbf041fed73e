package io.coord.spring.guide;

import io.coord.spring.observation.DefaultLockCallConvention;
import io.coord.spring.observation.LockCallConvention;
import io.coord.spring.observation.ObservedLockCall;
import io.micrometer.common.KeyValues;
import org.springframework.context.annotation.Bean;

class Traces {

    @Bean
    LockCallConvention shopLocks() {
        return new DefaultLockCallConvention() {
            @Override
            public KeyValues getLowCardinalityKeyValues(ObservedLockCall call) {
                return super.getLowCardinalityKeyValues(call).and("team", "sales");
            }
        };
    }
}
